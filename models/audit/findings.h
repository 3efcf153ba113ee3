// What the audit found in one run.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string_view>
#include <tuple>
#include <vector>

#include "models/audit/session_findings.h"
#include "models/audit/timer_findings.h"
#include "models/domain/change.h"
#include "models/domain/ids.h"
#include "models/domain/journal.h"
#include "models/domain/stage.h"
#include "models/domain/topic.h"
#include "sim/record.h"
#include "sim/time.h"

namespace parallax::audit {

/// A stretch of a window that one stage is charged with.
struct Piece {
  domain::Stage stage;
  sim::Duration length;
};

enum class Ending : std::uint8_t { kVisible, kMoot, kCensored };

/// The state window of one change and one observer.
struct WindowFinding {
  sim::RecordId id;  ///< of the acknowledgement
  domain::ChangeKind change;
  domain::ObjectRef object;
  domain::NodeId writer;
  domain::NodeId observer;
  sim::VirtualTime start;
  sim::Duration length;
  Ending ending;
  std::vector<Piece> pieces;  ///< in order of time; they add up to `length`
  /// Until the observer first went by the change; less than `length` if it has gone back to the old one since. Of a
  /// change that it never went by: `length`.
  sim::Duration first_visible{};
  bool taken_back{false};  ///< a replica that had the change has gone back to an older row
  std::uint64_t wrong_decisions{0};
};

/// An acknowledged write that no replica holds at the end of the run.
struct LostWrite {
  sim::RecordId id;  ///< of the acknowledgement
  domain::ChangeKind change;
  domain::ObjectRef object;
  sim::VirtualTime acknowledged;
};

/// A data center lost or back, or a region's DNS that noticed.
struct SiteMoment {
  sim::VirtualTime time;
  domain::SiteChanged what;
};

/// What clients of one population saw of one site outage, in parts that add up to `unavailable`.
struct Unavailability {
  domain::SiteId lost;
  domain::PopulationId population;
  sim::VirtualTime start;       ///< of the outage
  sim::Duration unavailable{};  ///< until at least half of their requests were served again, and stayed so
  sim::Duration detect{};       ///< until a check of the region's DNS had failed
  sim::Duration decide{};       ///< until it had failed often enough, and the DNS took the site out
  sim::Duration redirect{};     ///< until the region's last resolver had moved
  sim::Duration warm_up{};      ///< the rest
  bool is_open{false};          ///< the run ended before they had been served for long enough: it is at least so much
};

/// How a gateway has come up again after it, or its data center, was lost.
struct StartFinding {
  domain::NodeId node;
  sim::VirtualTime powered;
  sim::VirtualTime ready;     ///< the end of the run where it was not
  sim::VirtualTime complete;  ///< when it had put up again all that it served before; not before `ready`
  bool is_open{false};        ///< it was not ready when the run ended
};

/// Requests of a population by the second in which they were sent.
struct ServedSecond {
  std::uint32_t good{0};
  std::uint32_t all{0};
};

enum class DecisionError : std::uint8_t {
  kWrongAllow,
  kWrongDeny,
  kWrongVariant,  ///< allowed as it should be, by an old revision of the API
};
inline constexpr std::array kDecisionErrors{DecisionError::kWrongAllow, DecisionError::kWrongDeny,
                                            DecisionError::kWrongVariant};

/// What a wrong decision got wrong: a change not yet obeyed, or a limit.
enum class Why : std::uint8_t {
  kTokenIssued,
  kTokenRevoked,
  kApiPublished,
  kApiRetired,
  kSubscriptionAdded,
  kSubscriptionBlocked,
  kPolicyChanged,
  kQuota,
  kDatabase,     ///< nobody could say
  kStart,        ///< it had not put up again what it served before it was lost
  kTokenExpiry,  ///< too early or too late
  kApiRow,       ///< the gateway had the API, and whoever validates keys for it did not
};

constexpr Why why_of(domain::ChangeKind kind) { return static_cast<Why>(kind); }
constexpr std::string_view name_of(DecisionError error) {
  if (error == DecisionError::kWrongVariant) return "wrong_variant";
  return error == DecisionError::kWrongAllow ? "wrong_allow" : "wrong_deny";
}
inline std::string_view name_of(Why why) {
  if (why == Why::kQuota) return "quota";
  if (why == Why::kDatabase) return "database";
  if (why == Why::kStart) return "start";
  if (why == Why::kApiRow) return "api_row";
  if (why == Why::kTokenExpiry) return "token_expiry";
  return domain::name_of(static_cast<domain::ChangeKind>(why));
}

/// A decision that was wrong, where Setup asks for them one by one.
struct WrongDecision {
  sim::VirtualTime time;
  domain::RequestDecided what;
  DecisionError error;
};

using TallyKey = std::tuple<DecisionError, Why, domain::Stage, domain::NodeId>;

/// One subscription's limit in one window, over all nodes.
struct LimitFinding {
  domain::SubscriptionId subscription;
  sim::VirtualTime start;
  std::uint64_t limit{0};   ///< what the single copy would have let through: less than `demand`
  std::uint64_t demand{0};  ///< requests that reached the quota check
  std::uint64_t admitted{0};
  std::uint64_t over{0};   ///< admitted after the limit then in force
  std::uint64_t flips{0};  ///< admissions right after a refusal
  std::vector<std::uint64_t> admitted_by_node;
  std::vector<std::uint64_t> refused_by_node;
};

struct LimitTotals {
  std::uint64_t windows{0};
  std::uint64_t windows_over{0};
  std::uint64_t over{0};
  std::uint64_t flips{0};
  double ratio_max{0};          ///< of admitted to limit; 0 without windows
  double sliding_ratio_max{0};  ///< likewise, in any span of a window's length (sliding_window.h)
};

/// Wrong decisions of one kind (error_spells.h).
struct ErrorFinding {
  std::uint64_t spells{0};
  sim::Duration longest{};   ///< spell
  std::uint64_t clients{0};  ///< tokens of which some call got one
};

/// Decisions of one node in one minute.
struct MinuteCounts {
  std::uint64_t requests{0};
  std::uint64_t wrong_allow{0};
  std::uint64_t wrong_deny{0};
  std::uint64_t wrong_variant{0};
  std::uint64_t refused_quota{0};
  std::uint64_t not_found{0};
};

/// A population's own books, and what the journal says of the same.
struct Ledger {
  std::uint64_t sent{0};
  std::uint64_t answered{0};
  std::uint64_t timed_out{0};
  std::uint64_t in_flight{0};
  std::uint64_t answered_in_journal{0};
  std::uint64_t timed_out_in_journal{0};
};

/// What came in, what became of it, in which table of which database, and from where.
using ConflictKey =
    std::tuple<domain::ConflictKind, domain::ConflictOutcome, std::uint16_t, domain::LayerId, domain::SiteId>;

struct ConflictFinding {
  sim::RecordId id;
  sim::VirtualTime time;
  domain::RowConflict what;
};

/// A stream whose apply stood still.
struct StopFinding {
  domain::LayerId database;  ///< of the target
  domain::SiteId from;
  sim::VirtualTime began;
  sim::VirtualTime ended;  ///< the end of the run where it never went on
  std::uint32_t retries{0};
  std::uint64_t waiting{0};  ///< changes that had arrived and waited, at the most
  bool given_up{false};
  bool is_open{false};  ///< at the end of the run
  domain::DatabaseKind kind{};
};

struct ReplicationFinding {
  bool is_replicated{false};
  std::map<ConflictKey, std::uint64_t> conflicts;
  std::vector<ConflictFinding> first_conflicts;  ///< at most kMostConflicts
  std::vector<StopFinding> stops;
  sim::Duration stopped{};              ///< of all streams together
  std::uint64_t divergent_rows_end{0};  ///< that are not the same in all replicas of their group
  std::uint64_t divergent_rows_max{0};
  sim::Duration divergent_row_time{};  ///< integral of their number
  bool has_jurisdictions{false};
  std::uint64_t exported_rows{0};   ///< changes of rows applied under another law than the rows'
  std::uint64_t refused_writes{0};  ///< by the writer's own database
};

inline constexpr std::size_t kMostConflicts = 100;

/// What data centers were told of how many requests there had been. A question is about all APIs at once: differences
/// of the APIs are added up, and divided by the requests of all.
struct StatisticsFinding {
  bool are_kept{false};
  std::uint64_t questions{0};
  std::uint64_t unanswered{0};          ///< the database had no power, or no way led there
  double error_ratio_max{0};            ///< |answered - decided| / decided
  std::uint64_t error_max{0};           ///< the greatest |answered - decided|
  double disagreement_ratio_max{0};     ///< between two data centers' answers to one question
  std::uint64_t uncounted_end{0};       ///< by the worst data center, although they wait nowhere to be summarised
  std::uint64_t double_counted_end{0};  ///< likewise: more than there were
};

/// What gateways that share their token caches say of them, all together.
struct CacheFinding {
  bool are_shared{false};
  std::uint64_t hits{0};   ///< look-ups that a gateway's memory or the map answered
  std::uint64_t asked{0};  ///< and those that a key manager had to
  std::uint64_t told{0};   ///< messages that told others what to forget
  std::uint64_t stale_recaches{0};
  sim::Duration longest_wait{};  ///< of a call for the map
};

/// What has become of calls at a node's workers.
struct WorkersFinding {
  domain::NodeId node;
  domain::WorkersRole role;
  std::uint32_t workers{0};
  std::uint64_t arrived{0};
  std::uint64_t served{0};
  std::uint64_t waited{0};       ///< found no worker free
  std::uint64_t refused{0};      ///< found no room
  std::uint64_t given_up{0};     ///< had waited for too long
  std::uint64_t lost{0};         ///< with the power
  std::uint64_t still_there{0};  ///< at the end of the run
  std::uint64_t queue{0};        ///< that waited at the same time, at the most
  sim::Duration longest_wait{};
  std::vector<std::uint32_t> busy{};    ///< by second: nanoseconds that a worker was at work, on average over all
  std::vector<std::uint32_t> queues{};  ///< by second: that waited at the same time, at the most
};

/// A pool of connections that ran dry.
struct PoolFinding {
  domain::SiteId site;
  domain::PoolTarget target;
  std::uint64_t calls{0};
  std::uint64_t waited{0};
  std::uint64_t given_up{0};
  sim::Duration longest_wait{};
};

/// What data centers were asked, by second.
struct LoadFinding {
  std::vector<std::uint32_t> key_managers{};  ///< for tokens and about them
  std::vector<std::uint32_t> database{};      ///< statements
};

/// A load after the first fault against that before it, of all data centers together.
struct PeakFinding {
  double mean_before{0};    ///< a second, over the whole seconds before the fault
  std::uint64_t peak{0};    ///< in one second, from that on in which the fault begins
  std::uint64_t second{0};  ///< the first with it
  std::uint64_t asked{0};   ///< in the whole run
};

struct CapacityFinding {
  std::vector<WorkersFinding> workers;  ///< by node, gateways before key managers
  std::vector<PoolFinding> pools;
  std::vector<LoadFinding> loads;                 ///< by site; empty: nobody counted
  std::optional<PeakFinding> key_manager_peak{};  ///< nothing: no fault, or none was asked before it
  std::optional<PeakFinding> database_peak{};     ///< likewise
};

/// Where clients went.
struct SteeringFinding {
  std::uint64_t calls{0};      ///< that went anywhere
  std::uint64_t elsewhere{0};  ///< of them, to another site than their region prefers while that one was up
  std::uint64_t abroad{0};     ///< of them, served under another law than their region's
  bool has_jurisdictions{false};
  std::uint64_t users{0};
  std::uint64_t moved{0};  ///< users whose calls went to more than one site
  std::uint64_t moves{0};
  std::uint64_t unresolved{0};     ///< calls that ended for want of an address
  std::uint64_t tokenless{0};      ///< calls that timed out waiting for a token
  bool has_affinity{false};        ///< some balancer keeps clients at their nodes
  std::uint64_t affinity_lost{0};  ///< calls whose client was given another node than its own
};

/// Of populations: who calls APIs, asks for tokens, uses the developer portal, the publisher.
inline constexpr std::size_t kPopulationKinds = 4;

/// Calls of APIs that were published and that some gateway did not have yet (not_found.h).
struct NotFoundFinding {
  std::uint64_t shown{0};             ///< answered 404
  std::uint64_t hidden{0};            ///< answered, where another gateway would have said 404
  std::uint64_t flips{0};             ///< answered 404 after an answer
  std::uint64_t sessions{0};          ///< a token and an API that it called
  std::uint64_t flipped_sessions{0};  ///< of them: with a flip
};

struct Findings {
  std::vector<WindowFinding> windows;
  std::map<TallyKey, std::uint64_t> wrong;
  std::vector<WrongDecision> listed;  ///< some of them, in order of time (Setup::listed_a_minute)
  std::array<ErrorFinding, kDecisionErrors.size()> errors{};  ///< by DecisionError
  std::uint64_t decisions{0};
  std::uint64_t right{0};            ///< where the audit has found them so; what is left is wrong or overlapping
  std::uint64_t overlapping{0};      ///< right either way: a write was in flight, or happened in the same nanosecond
  bool asks_elsewhere{false};        ///< a data center asks another's database or key manager
  std::uint64_t calls_elsewhere{0};  ///< so often
  std::uint64_t decisions_elsewhere{0};  ///< at such data centers
  LimitTotals limits;
  bool counts_elsewhere{false};
  std::uint64_t uncounted{0};                      ///< requests that did not get to a traffic manager of another site
  std::vector<LimitFinding> worst_limits;          ///< at most kWorstLimits, most over first
  std::vector<std::vector<MinuteCounts>> minutes;  ///< by node, by minute
  Ledger ledger;
  std::vector<LostWrite> lost_writes;
  bool has_brokers{false};
  std::array<std::uint64_t, domain::kTopics.size()> events_lost{};  ///< by topic
  std::uint64_t late_writes{0};  ///< rows that a fault kept back and that came after it
  ReplicationFinding replication;
  StatisticsFinding statistics;
  CacheFinding caches;
  CapacityFinding capacity;
  SteeringFinding steering;
  NotFoundFinding not_found;
  SessionsFinding sessions;
  TimersFinding timers;
  std::vector<SiteMoment> moments;
  std::vector<Unavailability> outages;
  std::vector<StartFinding> starts;               ///< in the order in which they ended
  std::vector<std::vector<ServedSecond>> served;  ///< by population, by second
  std::vector<std::int64_t> tokens_in_force;      ///< at the start and after each kTokenStep
  std::uint64_t issued_elsewhere_refused{0};      ///< tokens refused in one site that another had issued
  sim::Duration recovery{};                       ///< the longest of `outages`
  bool is_recovery_open{false};                   ///< one of them is
  std::int64_t unavailable_seconds{0};            ///< the worst population's
  std::uint64_t failed_requests{0};
  /// The same by kind of population.
  struct KindAvailability {
    std::uint64_t finished{0};
    std::uint64_t failed{0};
    std::int64_t unavailable_seconds{0};
  };
  std::array<KindAvailability, kPopulationKinds> availability_of_kind{};
  sim::Duration latency_p50{};
  sim::Duration latency_p99{};
  /// Of the same answers, those to one population.
  struct PopulationLatency {
    std::uint64_t answered{0};
    sim::Duration p50{};
    sim::Duration p99{};
  };
  std::vector<PopulationLatency> latencies;  ///< by population; none behind the last that was answered
};

inline constexpr std::size_t kWorstLimits = 20;
inline constexpr sim::Duration kTokenStep = sim::seconds(10);

}  // namespace parallax::audit
