// Which limits are in force, as the single copy has it: a changed policy holds from its acknowledgement on. While the
// change is in flight, and at that very instant, the old limit and the new are both right.
#pragma once

#include <cstdint>
#include <vector>

#include "models/domain/catalog.h"
#include "models/domain/journal.h"

namespace parallax::audit {

class Quotas {
 public:
  explicit Quotas(const domain::Catalog& catalog);

  // Of changes of policies; others are nothing to it.
  void invoke(const domain::ChangeInvoked& change);
  void abandon(const domain::ChangeAbandoned& change);
  void acknowledge(const domain::ChangeAcknowledged& change, sim::VirtualTime now);

  /// Requests in each window. Requires: the tier is limited.
  struct Range {
    std::uint64_t least;
    std::uint64_t greatest;
  };
  Range in_force(domain::TierId tier, sim::VirtualTime now) const;

  /// What the policy of this version says. Requires: it was acknowledged, or is the first.
  std::uint64_t at(domain::TierId tier, domain::Version version) const;

 private:
  struct Said {
    domain::Version version;
    std::uint64_t requests;
    sim::VirtualTime since;
  };
  struct History {
    std::vector<Said> said;                ///< in order of versions: the last one is in force
    std::vector<std::uint32_t> in_flight;  ///< what may be said any moment
  };
  std::vector<History> by_tier_;
};

}  // namespace parallax::audit
