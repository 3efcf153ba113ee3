// What records say. Each struct packs into the body of a journal record and back; the engine adds instant, site,
// number and cause. Nothing else passes from the models to the audit.
//
// The first word of every body holds kind (16 bits), actor (16) and subject (32).
#pragma once

#include <cstdint>
#include <string_view>

#include "models/domain/change.h"
#include "models/domain/conflict.h"
#include "models/domain/ids.h"
#include "models/domain/outcome.h"
#include "models/domain/stage.h"
#include "sim/record.h"

namespace parallax::domain {

enum class RecordKind : std::uint16_t {
  kRequestDecided = 1,
  kRequestFinished,
  kPopulationClosed,
  kChangeInvoked,
  kChangeAcknowledged,
  kEntryPut,
  kEntryDropped,
  kHop,
  kChangeAbandoned,
  kSiteChanged,
  kResolverMoved,
  kRowChanged,
  kRowConflict,
  kStreamChanged,
  kRowUndone,
  kTotalsAsked,
  kTotalAnswered,
  kTotalClosed,
  kEventLost,
  kNodeChanged,
  kCallsClosed,
  kCacheClosed,
  kUsersClosed,
  kAffinityClosed,
  kWorkersSecond,
  kWorkersClosed,
  kLoadSecond,
  kPoolClosed,
};

constexpr RecordKind kind_of(const sim::RecordBody& body) { return static_cast<RecordKind>(body[0] >> 48); }

/// A gateway has decided; the versions are those of the facts it decided on.
struct RequestDecided {
  NodeId node;
  TokenId token;
  ApiId api;
  SubscriptionId subscription;
  Version token_version;
  Version api_version;
  Version subscription_version;
  Outcome outcome;

  sim::RecordBody pack() const;
  static RequestDecided unpack(const sim::RecordBody& body);
};

enum class Ending : std::uint8_t {
  kAnswered,
  kTimedOut,
  kNoAddress,  ///< its host name had none, or no resolver could say
};

/// A client has its answer, or has given up.
struct RequestFinished {
  PopulationId population;
  TokenId token;
  sim::VirtualTime sent;
  Ending ending;
  Outcome outcome;  ///< of an answered request
  SiteId called{};  ///< the data center that it was sent to; 0xffff: to none

  sim::RecordBody pack() const;
  static RequestFinished unpack(const sim::RecordBody& body);
};

/// The run has ended; a population's own books.
struct PopulationClosed {
  PopulationId population;
  std::uint64_t sent;
  std::uint64_t answered;
  std::uint64_t timed_out;
  std::uint64_t in_flight;

  sim::RecordBody pack() const;
  static PopulationClosed unpack(const sim::RecordBody& body);
};

/// The same; its users, and where they went.
struct UsersClosed {
  PopulationId population;
  std::uint32_t users;       ///< who called at all
  std::uint32_t moved;       ///< of them, who called more than one data center
  std::uint64_t moves;       ///< from one call of a user to his next
  std::uint64_t unresolved;  ///< calls that ended for want of an address
  std::uint64_t tokenless;   ///< calls that timed out waiting for a token

  sim::RecordBody pack() const;
  static UsersClosed unpack(const sim::RecordBody& body);
};

/// A writer has sent a change on its way.
struct ChangeInvoked {
  ChangeKind change;
  NodeId writer;
  ObjectRef object;
  std::uint32_t quota{0};  ///< of a changed policy: requests in each window from then on

  sim::RecordBody pack() const;
  static ChangeInvoked unpack(const sim::RecordBody& body);
};

/// The writer knows that the change is committed. Caused by its ChangeInvoked.
struct ChangeAcknowledged {
  ChangeKind change;
  NodeId writer;
  ObjectRef object;
  Version version;
  sim::VirtualTime invoked;
  sim::VirtualTime expires;     ///< of an issued token
  ApplicationId application{};  ///< of an issued token
  Jurisdiction jurisdiction{};  ///< of its user
  std::uint32_t quota{0};       ///< of a changed policy

  sim::RecordBody pack() const;
  static ChangeAcknowledged unpack(const sim::RecordBody& body);
};

enum class Abandoned : std::uint8_t {
  kWriterLost,   ///< it did not live to send the change to the database
  kRefused,      ///< the database refused it: a key is taken, a parent is gone
  kNotNeeded,    ///< there was nothing to change
  kUnreachable,  ///< the database could not be reached, and was not asked for anything that would last
  kUnknown,      ///< it was sent and nothing came back: whether it was committed nobody knows
};

/// Nothing came of a change, and its caller has given up.
struct ChangeAbandoned {
  ObjectRef object;
  ChangeKind change{};
  Abandoned why{};
  std::uint32_t quota{0};  ///< of a policy that was to change

  sim::RecordBody pack() const;
  static ChangeAbandoned unpack(const sim::RecordBody& body);
};

/// How the time between a record and its cause was spent: on `first` until `turn`, then on `second`. Where one stage
/// took it all, `first` is kNone and `turn` is the cause's instant.
struct Passage {
  Stage first{Stage::kNone};
  Stage second{Stage::kNone};
  sim::VirtualTime turn;
  friend constexpr bool operator==(const Passage&, const Passage&) = default;
};

/// A second object that an entry embeds: a validated token's entry holds its subscription too.
struct Companion {
  ObjectRef object{ObjectRef::nothing()};
  Version version;
};

/// A layer holds a version of an object from now on. `variant` tells entries of one object apart. The companion's
/// variant is the object's id.
struct EntryPut {
  LayerId layer;
  ObjectRef object;
  std::uint32_t variant;
  Version version;
  Passage passage;
  Companion companion{};

  sim::RecordBody pack() const;
  static EntryPut unpack(const sim::RecordBody& body);
};

/// A layer holds no such entry any more.
struct EntryDropped {
  LayerId layer;
  ObjectRef object;
  std::uint32_t variant;
  Passage passage;
  ObjectRef companion{ObjectRef::nothing()};

  sim::RecordBody pack() const;
  static EntryDropped unpack(const sim::RecordBody& body);
};

/// A change has got somewhere on its way, without effect yet.
struct Hop {
  NodeId node;
  ObjectRef object;
  Passage passage;

  sim::RecordBody pack() const;
  static Hop unpack(const sim::RecordBody& body);
};

enum class SiteChange : std::uint8_t {
  kLost,        ///< all of its nodes are gone, with what they had in memory
  kPowered,     ///< its nodes start
  kReady,       ///< they answer
  kMarkedDown,  ///< the DNS of `seen_from` takes it out of its answers
  kMarkedUp,
  kPromoted,  ///< its database takes writes from now on
  kFenced,    ///< and takes none any more
};

/// A data center was lost or came back, or a health checker found out.
struct SiteChanged {
  SiteId site;
  SiteId seen_from;
  SiteChange change;

  sim::RecordBody pack() const;
  static SiteChanged unpack(const sim::RecordBody& body);
};

/// One node of a data center was lost (kLost), has power again (kPowered) or answers again (kReady); the others go on.
struct NodeChanged {
  NodeId node;
  SiteChange change;

  sim::RecordBody pack() const;
  static NodeChanged unpack(const sim::RecordBody& body);
};

/// The clients behind a resolver go to another data center from now on.
struct ResolverMoved {
  SiteId region;
  std::uint32_t resolver;
  SiteId from;
  SiteId to;

  sim::RecordBody pack() const;
  static ResolverMoved unpack(const sim::RecordBody& body);
};

enum class RowOperation : std::uint8_t {
  kInserted,
  kUpdated,
  kDeleted,
  kDefined,
  kReset,  ///< every row of every table of the database is as at the start of the run: its disk was lost
};

/// What changed a row where it stands: a client's statement, a cascade, a trigger, or what another replica sent. A
/// cascade or trigger may be one that the apply set off.
enum class RowMeans : std::uint8_t { kStatement, kCascade, kTrigger, kApply };

/// A row of a database's table is other than it was. The facts that gateways decide on have an EntryPut besides.
struct RowChanged {
  LayerId database;
  std::uint16_t table;
  RowOperation operation;
  RowMeans means;
  SiteId origin;      ///< where it was written first
  std::uint64_t row;  ///< its primary key; in a table without one a hash of its values
  Version version;
  Jurisdiction jurisdiction{};  ///< of the row

  sim::RecordBody pack() const;
  static RowChanged unpack(const sim::RecordBody& body);
};

/// A row was changed by a transaction of another replica that could not be applied to its end, and is as it was.
struct RowUndone {
  RowChanged change;

  sim::RecordBody pack() const;
  static RowUndone unpack(const sim::RecordBody& body) { return {RowChanged::unpack(body)}; }
};

/// A change from another replica met something that it did not expect.
struct RowConflict {
  LayerId database;
  std::uint16_t table;
  ConflictKind kind;
  ConflictOutcome outcome;
  SiteId origin;      ///< of the change
  std::uint64_t row;  ///< that the change is about
  Version incoming;
  Version present;  ///< of the row that was met; 0: none

  sim::RecordBody pack() const;
  static RowConflict unpack(const sim::RecordBody& body);
};

enum class StreamChange : std::uint8_t {
  kStopped,  ///< its apply stands still: a conflict that no rule settles
  kRetried,  ///< and fails again
  kResumed,
  kGivenUp,  ///< nobody tries any more
};

/// Which of a site's databases: a layer stands for all of them.
enum class DatabaseKind : std::uint8_t { kApi, kStatistics };

constexpr std::string_view name_of(DatabaseKind kind) { return kind == DatabaseKind::kApi ? "api" : "statistics"; }

/// The stream of changes from one database to another of its kind.
struct StreamChanged {
  LayerId database;  ///< of the target
  SiteId from;
  StreamChange change;
  std::uint64_t waiting;  ///< changes that have arrived and are not applied
  DatabaseKind kind{};

  sim::RecordBody pack() const;
  static StreamChanged unpack(const sim::RecordBody& body);
};

/// A data center asks its statistics database how many requests each API has had so far.
struct TotalsAsked {
  SiteId site;
  std::uint32_t question;  ///< counted alike in all data centers

  sim::RecordBody pack() const;
  static TotalsAsked unpack(const sim::RecordBody& body);
};

/// What the database says of one API, then and there; of all APIs in the order of their ids.
struct TotalAnswered {
  SiteId site;  ///< that asked
  std::uint32_t question;
  ApiId api;
  std::uint64_t total;

  sim::RecordBody pack() const;
  static TotalAnswered unpack(const sim::RecordBody& body);
};

/// The run has ended; what a data center's statistics know of an API.
struct TotalClosed {
  SiteId site;
  ApiId api;
  std::uint64_t total;    ///< in the database that it asks
  std::uint64_t waiting;  ///< its own requests that have not been summarised yet

  sim::RecordBody pack() const;
  static TotalClosed unpack(const sim::RecordBody& body);
};

/// The run has ended; a gateway's own books of a token cache that it shares.
struct CacheClosed {
  NodeId node;
  std::uint32_t stale_recaches;  ///< entries filled with what it had been told to forget
  std::uint64_t hits;            ///< look-ups that its memory or the map answered
  std::uint64_t asked;           ///< and those that a key manager had to
  std::uint64_t told;            ///< messages with which it told others what to forget
  sim::Duration longest_wait;    ///< of a call for the map

  sim::RecordBody pack() const;
  static CacheClosed unpack(const sim::RecordBody& body);
};

enum class EventLoss : std::uint8_t {
  kNotConnected,    ///< its sender had no connection to the broker and keeps nothing
  kOverflow,        ///< where it was to wait for its turn there was no room
  kNotSubscribed,   ///< the subscriber was not there when the broker passed it on
  kUnacknowledged,  ///< it was under way when the connection was given up; it may have arrived all the same
  kHostDown,        ///< the host that held it lost its memory, or was to take it and was down
  kGivenUp,         ///< it has come, but what it tells of could not be had
};

/// An event will not come to a node by this way. Another copy may, by another broker. Caused by the record that caused
/// the event.
struct EventLost {
  NodeId node;  ///< that it did not get to
  ObjectRef object;
  Version version;
  TopicId topic;
  EventLoss why;
  Stage by;  ///< what kept it back before it was lost, or its subscriber away: kNone, kReconnectWait or a fault's
  std::uint64_t event;
  sim::VirtualTime published;
  sim::VirtualTime died;  ///< from when on it got no further

  sim::RecordBody pack() const;
  static EventLost unpack(const sim::RecordBody& body);
};

/// Whose workers (runtime/workers.h).
enum class WorkersRole : std::uint8_t { kGateway, kKeyManager };

constexpr std::string_view name_of(WorkersRole role) {
  return role == WorkersRole::kGateway ? "gateway" : "key_manager";
}

/// Calls at the workers of a node in one second of the run, written when it is over and somebody looks; of seconds in
/// which nobody came, waited or was at work there is none. Over the run arrived = served + refused + given_up + lost +
/// those that are still there.
struct WorkersSecond {
  NodeId node;
  WorkersRole role;
  std::uint32_t second;  ///< since the run began
  std::uint32_t arrived;
  std::uint32_t served;
  std::uint32_t waited;    ///< found no worker free, and room to wait
  std::uint32_t refused;   ///< found no room
  std::uint32_t given_up;  ///< had waited for too long
  std::uint32_t lost;      ///< with the power
  std::uint32_t queue;     ///< that waited at the same time, at the most
  std::uint32_t busy;      ///< nanoseconds that a worker was at work, on average over all workers

  sim::RecordBody pack() const;
  static WorkersSecond unpack(const sim::RecordBody& body);
};

/// The run has ended; the rest of what they know.
struct WorkersClosed {
  NodeId node;
  WorkersRole role;
  std::uint32_t workers;
  std::uint64_t still_there;   ///< at work or waiting
  sim::Duration longest_wait;  ///< of any call, whatever became of it

  sim::RecordBody pack() const;
  static WorkersClosed unpack(const sim::RecordBody& body);
};

/// What was asked of a data center in one second of the run, written as WorkersSecond is.
struct LoadSecond {
  SiteId site;
  std::uint32_t second;       ///< since the run began
  std::uint32_t requests;     ///< for tokens, of its key managers
  std::uint32_t validations;  ///< of tokens, by gateways, of its key managers
  std::uint32_t statements;   ///< that its database has run for nodes, its own and others'

  sim::RecordBody pack() const;
  static LoadSecond unpack(const sim::RecordBody& body);
};

/// What a pool of connections leads to.
enum class PoolTarget : std::uint8_t { kDatabase, kKeyManager };

constexpr std::string_view name_of(PoolTarget target) {
  return target == PoolTarget::kDatabase ? "database" : "key_manager";
}

/// The run has ended; the books of a pool of connections in which there was none free at times.
struct PoolClosed {
  SiteId site;
  PoolTarget target;
  std::uint64_t calls;
  std::uint64_t waited;        ///< of them, found no connection free
  std::uint64_t given_up;      ///< of these, had waited for too long
  sim::Duration longest_wait;  ///< of any call, whatever became of it

  sim::RecordBody pack() const;
  static PoolClosed unpack(const sim::RecordBody& body);
};

/// The run has ended; what nodes of a data center have asked databases and key managers of others.
struct CallsClosed {
  SiteId site;
  std::uint64_t calls;

  sim::RecordBody pack() const;
  static CallsClosed unpack(const sim::RecordBody& body);
};

/// The run has ended; calls at a data center whose client could not be led back to the node that it belonged to, and
/// was given another. Not written where there was none.
struct AffinityClosed {
  SiteId site;
  std::uint64_t lost;

  sim::RecordBody pack() const;
  static AffinityClosed unpack(const sim::RecordBody& body);
};

}  // namespace parallax::domain
