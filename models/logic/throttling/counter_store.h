// A counter store (WSO2's traffic manager): counts the events of gateways against the policies that it knows, and says
// when a key becomes throttled and when it no longer is.
//
// Counters are in memory: a store that restarts begins with none, and everybody gets what was left of a quota once
// more. Minutes may be lost so, hours and months not: a host that keeps a snapshot (every few seconds, and at shutdown)
// and restores it loses what came in between. What a skewed clock does then is in counting_plan.h.
//
// A store counts only what it has a policy for. It pulls them at its start; one that missed the pull counts nothing
// (wso2/api-manager#1920, startup_pull.h).
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "models/logic/caches/digest.h"
#include "models/logic/throttling/counting_plan.h"
#include "models/logic/throttling/event_ring.h"
#include "models/logic/throttling/key_templates.h"
#include "models/logic/throttling/policy.h"

namespace parallax::logic::throttling {

/// Counts the calls that its conditions let through, by the key that its template makes of them.
struct CustomPolicy {
  KeyTemplate key_template{};
  Quota quota{};
  /// Conditions; nothing: any.
  std::optional<domain::ApiId> api{};
  std::optional<domain::ApplicationId> application{};
  std::optional<domain::UserId> user{};
};

struct CounterStoreOptions {
  CountingOptions counting{};
  caches::DigestSecret key_secret{};  ///< the same on all gateways and counter stores of a deployment
};

/// Of one policy's plans: _default first, then the groups of conditions.
struct PolicySnapshot {
  domain::TierId tier{};
  std::vector<PlanSnapshot> plans{};
  friend bool operator==(const PolicySnapshot&, const PolicySnapshot&) = default;
};

struct CounterSnapshot {
  std::vector<PolicySnapshot> policies{};  ///< by tier
  std::vector<PlanSnapshot> custom{};      ///< in the order of the custom policies
  friend bool operator==(const CounterSnapshot&, const CounterSnapshot&) = default;
};

class CounterStore {
 public:
  using Messages = CountingPlan::Messages;

  explicit CounterStore(const CounterStoreOptions& options)
      : counting_{std::make_unique<CountingOptions>(options.counting)}, key_secret_{options.key_secret} {}

  /// Sets or replaces. Where window and unit of a quota stay the same its counts go on, and the new limit is compared
  /// at the next event; otherwise they begin anew, and gateways keep what they were told until it expires.
  void set_policy(domain::TierId tier, const Policy& policy);
  void remove_policy(domain::TierId tier);
  void set_custom_policies(const std::vector<CustomPolicy>& policies);

  /// Counts one event at all levels and appends the decisions to `out`. `now` is this store's clock.
  void count(const ThrottleEvent& event, sim::VirtualTime now, Messages& out);

  /// Ends windows that are over; see next_expiry.
  void expire(sim::VirtualTime now, Messages& out);
  /// kNever while nobody is throttled.
  sim::VirtualTime next_expiry() const;

  /// For CounterScope::kDistributed, every sync period.
  void synchronise(SharedCounter& shared, Messages& out);

  CounterSnapshot snapshot() const;
  /// Takes over the counts of quotas that this store has too, with the windows they were counted in. To be called when
  /// the policies are known and nothing has been counted.
  void restore(const CounterSnapshot& snapshot);

 private:
  struct Plans {
    Policy policy;
    std::vector<CountingPlan> by_group;  ///< none: no such policy
  };
  struct CustomPlan {
    CustomPolicy policy;
    CountingPlan plan;
  };

  Plans* find(domain::TierId tier);
  template <typename Visit>
  void for_each_plan(Visit&& visit);
  void count_plain(domain::TierId tier, ThrottleKey key, const ThrottleEvent& event, sim::VirtualTime now,
                   Messages& out);
  void count_operation(const ThrottleEvent& event, sim::VirtualTime now, Messages& out);
  void count_custom(const ThrottleEvent& event, sim::VirtualTime now, Messages& out);

  std::unique_ptr<CountingOptions> counting_;  ///< where the plans find it even if the store is moved
  caches::DigestSecret key_secret_;
  std::vector<Plans> plans_;  ///< by tier
  std::vector<CustomPlan> custom_;
};

}  // namespace parallax::logic::throttling
