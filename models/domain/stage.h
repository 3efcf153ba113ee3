// What the time between a change and its effect is spent on. Every part that delays a change charges its delays to
// stages of this list; causes, bounds and reports use these words.
#pragma once

#include <cstdint>
#include <string_view>

namespace parallax::domain {

enum class Stage : std::uint8_t {
  kNone,
  kDatabaseWrite,        ///< the write's way to the database and the acknowledgement's way back
  kDatabaseRead,         ///< an answer under way from the database to a node
  kTokenCacheTtl,        ///< a cached verdict that may not be dropped for its age yet
  kCacheSweep,           ///< an entry past its age waits for the sweeper
  kClusterMessage,       ///< a message between members of a cluster
  kDeploymentScan,       ///< a deployed artifact waits for the node's next scan
  kOperator,             ///< a person has not got to it yet
  kReplicationLag,       ///< a committed row is shipped, under way or waits for its turn to be applied elsewhere
  kApplyBacklog,         ///< a row that has arrived waits for those before it to be applied
  kApplyStopped,         ///< the apply stands still: a conflict before the row that no rule settles
  kResynchronisation,    ///< a replica is made anew from another's image
  kLinkDown,             ///< waits for a link that a fault keeps down
  kSiteDown,             ///< waits for a data center that is down, or that has not caught up after it
  kArtifactCopy,         ///< an artifact is under way to another data center
  kCounterNotShared,     ///< no counter saw all the requests that the limit is about
  kEventInFlight,        ///< a counted request is under way to its counter, or is counted in a later window
  kDecisionPush,         ///< the counter knows, the gateway does not yet
  kDatabaseUnreachable,  ///< the database cannot be asked: no way to it, or no connection free
  kEventBatching,        ///< an event waits for others to be sent with
  kBroker,               ///< an event is under way from its publisher by a broker to a subscriber
  kReconnectWait,        ///< the way is clear again, but who has lost a connection does not try it yet
  kEventWaiting,         ///< an event has arrived and is not acted upon: a fixed wait, or others before it
  kMessageLost,          ///< the event that would have told is lost; something slower has to
  kPending,              ///< it had not come when the run ended, or a newer one came: nothing tells what kept it
  kPollInterval,         ///< waits at a source for whoever looks there once in a while
  kMirrorInterval,       ///< waits for the next run of a mirror
  kRetryWait,            ///< between a question in vain and the next
  kGivenUp,              ///< what has been heard of could not be had, and is not asked for any more
  kStaleRecache,         ///< a cache has been filled again from a source that was behind
  kRedeployment,         ///< the old version has been taken away, the new one is not up
  kClockSkew,            ///< the clock of a node that decided, issued or counted is off
  kCertificate,          ///< waits for a connection that is refused for a certificate
  kDiskFull,             ///< waits for room on the disk of a database
  kFrozen,               ///< waits for a process that stands still
  kConflictDiscarded,    ///< it came, and a replica threw it away for a row that it met
};

std::string_view name_of(Stage stage);

}  // namespace parallax::domain
