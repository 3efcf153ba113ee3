// Wrong decisions as those who got them saw them: spells, and how many clients. A spell is a stretch of time without a
// gap of kSpellGap between two wrong decisions of one kind, wherever they were made.
#pragma once

#include <array>
#include <boost/unordered/unordered_flat_set.hpp>
#include <optional>

#include "models/audit/findings.h"
#include "models/domain/ids.h"
#include "sim/time.h"

namespace parallax::audit {

/// As gaps in availability are merged (metrology: under 5 s).
inline constexpr sim::Duration kSpellGap = sim::seconds(5);

class ErrorSpells {
 public:
  void add(DecisionError error, domain::TokenId token, sim::VirtualTime now);
  void finish(Findings& findings);

 private:
  struct Spell {
    sim::VirtualTime first;
    sim::VirtualTime last;
  };
  struct OfKind {
    ErrorFinding finding;
    std::optional<Spell> open;
    boost::unordered_flat_set<std::uint32_t> tokens;  ///< counted, never iterated
  };
  static void close(OfKind& kind);

  std::array<OfKind, kDecisionErrors.size()> kinds_;
};

}  // namespace parallax::audit
