// A traffic manager's counters and a gateway's view of its decisions (carbon-apimgt: ThrottleStreamProcessor with
// EmitOnStateChange, ThrottleDataHolder).
//
// Windows are tumbling and aligned to the epoch on the traffic manager's clock. count >= limit raises the decision, so
// the Nth counted request of a limit N does. Refused requests are never counted. An event older than the current
// window is dropped (newer builds; older ones count it in the window in which it arrives).
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "models/domain/catalog.h"
#include "models/domain/ids.h"
#include "sim/time.h"

namespace parallax::logic {

class QuotaCounter {
 public:
  explicit QuotaCounter(std::size_t subscriptions) : counts_(subscriptions) {}

  struct Decision {
    sim::VirtualTime until;                      ///< end of the window: the decision holds until then, inclusive
    enum class News { kFirst, kRepeated } news;  ///< state change, or one more event while throttled
  };

  /// Counts one admitted request, decided at `event` on the gateway's clock. Nothing while the limit is not reached.
  std::optional<Decision> count(domain::SubscriptionId key, const domain::Limit& limit, sim::VirtualTime event,
                                sim::VirtualTime now);

 private:
  struct Count {
    sim::VirtualTime window_start{-1};
    std::uint64_t requests{0};
  };
  std::vector<Count> counts_;
};

/// What a gateway has been told: subscription -> end of the window for which it is throttled.
class QuotaDecisions {
 public:
  explicit QuotaDecisions(std::size_t subscriptions) : until_(subscriptions, kOpen) {}

  /// Throttled while the expiry is not before `now`.
  bool is_throttled(domain::SubscriptionId key, sim::VirtualTime now) const {
    return until_[domain::index(key)] >= now;
  }
  void throttle(domain::SubscriptionId key, sim::VirtualTime until) { until_[domain::index(key)] = until; }

  /// A "false" removes the entry whatever it says: a late one lifts the next window's decision too.
  void lift(domain::SubscriptionId key) { until_[domain::index(key)] = kOpen; }

 private:
  static constexpr sim::VirtualTime kOpen{-1};
  std::vector<sim::VirtualTime> until_;
};

}  // namespace parallax::logic
