// One quota and all that is counted against it: tumbling windows on one clock, counts grouped by key (throttling Siddhi
// extension, ThrottleStreamProcessor and EmitOnStateChange).
//
//   - count >= limit throttles, so the Nth counted request of a limit N does: ideal admission is N.
//   - "true" goes out when a key becomes throttled, and again for each event counted while it is.
//   - At the window's end the batch expires, and each key that was throttled gets a "false".
//   - An event decided before the window began is dropped, or counted in the window in which it arrives.
//
// Clocks: a window ends when this store's clock reaches its end and is never left backwards. A clock that was set back,
// or that of the store which took over from a snapshot and lags by s, keeps the window s longer: nobody gets a quota
// twice. One that leads by s ends it s early and, while events are dropped by age, drops what gateways decide until
// they reach the new window: both let through what a call to the real time would not, up to one quota and those s.
#pragma once

#include <boost/unordered/unordered_flat_map.hpp>
#include <cstdint>
#include <limits>
#include <vector>

#include "models/logic/throttling/decision_table.h"
#include "models/logic/throttling/policy.h"
#include "models/logic/throttling/shared_counter.h"
#include "models/logic/throttling/throttle_key.h"

namespace parallax::logic::throttling {

/// Of events older than the window in which they arrive. Newer builds drop them (chunk by chunk; here each by itself).
/// Older ones count them, so that a backlog fills the first window after an outage: early 429 (wso2/api-manager#3322).
enum class LateEvents : std::uint8_t { kDrop, kCountOnArrival };

/// Whether a counter is this store's alone.
enum class CounterScope : std::uint8_t {
  kStore,        ///< each store throttles by what it has seen
  kDistributed,  ///< by the last total of all stores and its own since; synchronise reports and learns
};

struct CountingOptions {
  LateEvents late_events{LateEvents::kDrop};
  CounterScope scope{CounterScope::kStore};
  WhenSharedDown when_shared_down{WhenSharedDown::kLocal};  ///< of kDistributed
  sim::Duration sync_period{sim::milliseconds(10)};         ///< of kDistributed; how often the host calls synchronise.
                                                            ///< Product default; the documentation's sample has 1 ms
};

/// What one plan has counted, in an order of its own that no hash decides: the same counts give the same snapshot.
struct PlanSnapshot {
  struct Count {
    ThrottleKey key;
    std::uint64_t amount{0};
    std::uint64_t unreported{0};  ///< of kDistributed
    friend bool operator==(const Count&, const Count&) = default;
  };
  Quota quota{};
  Window window{};
  std::vector<Count> counts{};        ///< by key
  std::vector<ThrottleKey> raised{};  ///< in the order in which they became throttled
  friend bool operator==(const PlanSnapshot&, const PlanSnapshot&) = default;
};

class CountingPlan {
 public:
  using Messages = std::vector<DecisionMessage>;

  /// Requires: a positive amount unless unlimited; `options` outlives this.
  CountingPlan(const Quota& quota, const CountingOptions& options) : quota_{quota}, options_{&options} {}

  const Quota& quota() const { return quota_; }

  struct Hit {
    ThrottleKey key;
    std::uint64_t bytes;
    sim::VirtualTime at;  ///< by the gateway's clock
  };
  /// Counts one request at `now` on this store's clock and appends what is to be pushed to gateways.
  void count(const Hit& hit, sim::VirtualTime now, Messages& out);

  /// Ends the window if it is over: visits its throttled keys, and clears the table.
  void expire(sim::VirtualTime now, Messages& out);

  /// When `expire` has something to say. kNever while no key is throttled.
  sim::VirtualTime next_expiry() const { return raised_.empty() ? sim::kNever : window_.end; }

  /// Reports to the shared counter and learns totals. kLocal and kOpen take effect by themselves; a key that was
  /// throttled only because the shared counter was down gets a "false".
  void synchronise(SharedCounter& shared, Messages& out);

  /// The limit of the running window changes; it is compared at the next count. Requires: the same window and unit.
  void set_amount(std::uint64_t amount) { quota_.amount = amount; }

  PlanSnapshot snapshot() const;
  /// Goes on as if it were the plan that the snapshot was taken of.
  void restore(const PlanSnapshot& snapshot);

 private:
  static constexpr std::uint32_t kNone = 0xffff'ffff;
  static constexpr sim::VirtualTime kLongAgo{std::numeric_limits<std::int64_t>::min()};
  struct Count {
    std::uint64_t amount{0};
    std::uint32_t report{kNone};  ///< index in reports_
    bool is_raised{false};
  };
  struct Report {
    ThrottleKey key;
    std::uint64_t delta;
  };

  void open_window(sim::VirtualTime now, Messages& out);
  void note_unreported(Count& count, ThrottleKey key, std::uint64_t amount);
  bool is_over_limit(const Count& count) const;
  void lift_what_fell_below(Messages& out);

  Quota quota_;
  const CountingOptions* options_;
  bool is_shared_down_{false};
  Window window_{kLongAgo, kLongAgo};  ///< empty before the first event
  boost::unordered_flat_map<ThrottleKey, Count> counts_;
  std::vector<ThrottleKey> raised_;  ///< in order
  std::vector<Report> reports_;
};

}  // namespace parallax::logic::throttling
