// Limits against the single copy: it counts the requests really admitted, at the instant of decision, on its own
// window edges; so the wrong allows of a limit window are its over-admission.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <vector>

#include "models/audit/findings.h"
#include "models/audit/setup.h"
#include "models/domain/ids.h"

namespace parallax::audit {

class Limits {
 public:
  explicit Limits(const Setup& setup);

  /// True if the single copy has admitted the limit already. Requires: the subscription is limited.
  bool is_exhausted(domain::SubscriptionId subscription, sim::VirtualTime now);

  /// Why `node` does not know what the single copy knows, at this instant.
  domain::Stage cause_at(domain::NodeId node, domain::SubscriptionId subscription, sim::VirtualTime now);

  enum class Admission : std::uint8_t { kAdmitted, kRefused };
  void count(domain::NodeId node, domain::SubscriptionId subscription, sim::VirtualTime now, Admission admission);

  void finish(Findings& findings);

 private:
  struct Window {
    LimitFinding counts;
    std::vector<std::optional<sim::VirtualTime>> reached;  ///< by node: when what its counter sees reached the limit
    Admission last{Admission::kAdmitted};
  };

  const domain::Limit& limit_of(domain::SubscriptionId subscription) const {
    return *setup_.catalog->tier_of(subscription).limit;
  }
  Window& window_at(domain::SubscriptionId subscription, sim::VirtualTime now);
  std::uint64_t seen_by(domain::NodeId node, const Window& window) const;
  void close(const Window& window);

  const Setup& setup_;
  std::vector<std::optional<Window>> open_;  ///< by subscription
  LimitTotals totals_;
  std::vector<LimitFinding> worst_;  ///< most over first
};

}  // namespace parallax::audit
