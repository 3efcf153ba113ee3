// The policies that one node knows, by tier: pulled from the control plane at start and replaced by pushes. A tier that
// it does not know throttles nobody.
#pragma once

#include <optional>
#include <utility>
#include <vector>

#include "models/domain/ids.h"
#include "models/logic/throttling/policy.h"

namespace parallax::logic::throttling {

class PolicyTable {
 public:
  /// Null for kUnlimited and for what the node has not been told. Valid until the next `set` or `remove`.
  const Policy* find(domain::TierId tier) const {
    if (domain::index(tier) >= policies_.size() || !policies_[domain::index(tier)]) return nullptr;
    return &*policies_[domain::index(tier)];
  }

  /// Requires: tier is not kUnlimited; at most kConditionGroupsMax groups.
  void set(domain::TierId tier, Policy policy) {
    if (domain::index(tier) >= policies_.size()) policies_.resize(domain::index(tier) + 1);
    policies_[domain::index(tier)] = std::move(policy);
  }
  void remove(domain::TierId tier) {
    if (domain::index(tier) < policies_.size()) policies_[domain::index(tier)].reset();
  }

 private:
  std::vector<std::optional<Policy>> policies_;
};

}  // namespace parallax::logic::throttling
