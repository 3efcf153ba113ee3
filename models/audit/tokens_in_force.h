// How many access tokens are in force: issued, and neither expired nor revoked. Where nobody can issue any, their
// number falls as they expire, and with it the number of clients that healthy gateways can serve.
#pragma once

#include <cstdint>
#include <map>
#include <unordered_set>

#include "models/audit/findings.h"
#include "models/domain/catalog.h"
#include "models/domain/journal.h"

namespace parallax::audit {

class TokensInForce {
 public:
  /// Those of the catalog are so from the start.
  explicit TokensInForce(const domain::Catalog& catalog);

  void acknowledged(const domain::ChangeAcknowledged& change, sim::VirtualTime now);

  void finish(sim::VirtualTime end, Findings& findings) const;

 private:
  void add(sim::VirtualTime from, std::int64_t tokens);

  std::map<std::int64_t, std::int64_t> changes_;  ///< step -> by how much the number changes until then
  std::unordered_set<std::uint32_t> revoked_;     ///< only asked, never gone through
};

}  // namespace parallax::audit
