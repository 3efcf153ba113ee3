// Limits as one counter would keep that has everything at once, as the single copy, but goes by the clocks that there
// are: its windows by a traffic manager's, the date of a request by its gateway's, and until when a decision holds by
// the gateway's again. Where this one errs as the gateway did, and the single copy is right, only the clocks lie
// between them: the error is theirs. What else goes wrong beside a clock that is off keeps its own cause.
//
// The rules are those of counting_plan.h and decision_table.h without any delay:
//   - a window is left when the manager's clock reaches its end, and never backwards;
//   - a request dated before the window began is not counted;
//   - who has used up the quota is refused until the window is left, or past its end by the gateway's clock.
#pragma once

#include <boost/unordered/unordered_flat_map.hpp>
#include <cstdint>
#include <limits>
#include <vector>

#include "models/audit/findings.h"
#include "models/audit/setup.h"
#include "models/domain/ids.h"

namespace parallax::audit {

class LimitsByClock {
 public:
  /// `setup` outlives this.
  explicit LimitsByClock(const Setup& setup);

  struct Question {
    domain::NodeId gateway;
    domain::SubscriptionId subscription;
    std::uint64_t limit;
    sim::VirtualTime now;
  };
  /// Whether this counter, by the clock of a traffic manager that the gateway obeys, decides as the gateway did.
  /// Requires: the single copy decides otherwise.
  bool would_err_too(const Question& question, DecisionError error) const;

  /// Requires: the subscription is limited.
  void admitted(domain::NodeId gateway, domain::SubscriptionId subscription, sim::VirtualTime now);

 private:
  struct Window {
    sim::VirtualTime start{std::numeric_limits<std::int64_t>::min()};  ///< by the manager's clock
    sim::VirtualTime end{std::numeric_limits<std::int64_t>::min()};
    std::uint64_t counted{0};
  };
  static std::uint64_t key(domain::NodeId manager, domain::SubscriptionId subscription) {
    return static_cast<std::uint64_t>(domain::index(manager)) << 32 | domain::index(subscription);
  }
  const domain::ClockError& clock(domain::NodeId node) const { return setup_.clocks[domain::index(node)]; }
  bool refuses(domain::NodeId manager, const Question& question) const;

  const Setup& setup_;
  std::vector<domain::NodeId> managers_;                      ///< whom anybody obeys; none where all clocks are right
  boost::unordered_flat_map<std::uint64_t, Window> windows_;  ///< looked up, never iterated
};

}  // namespace parallax::audit
