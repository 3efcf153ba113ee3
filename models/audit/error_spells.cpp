#include "models/audit/error_spells.h"

#include <algorithm>

namespace parallax::audit {

void ErrorSpells::add(DecisionError error, domain::TokenId token, sim::VirtualTime now) {
  OfKind& kind = kinds_[static_cast<std::size_t>(error)];
  kind.tokens.insert(static_cast<std::uint32_t>(token));
  if (kind.open && now - kind.open->last < kSpellGap) {
    kind.open->last = now;
    return;
  }
  close(kind);
  kind.open = Spell{now, now};
}

void ErrorSpells::close(OfKind& kind) {
  if (!kind.open) return;
  ++kind.finding.spells;
  kind.finding.longest = std::max(kind.finding.longest, kind.open->last - kind.open->first);
  kind.open.reset();
}

void ErrorSpells::finish(Findings& findings) {
  for (std::size_t i = 0; i < kinds_.size(); ++i) {
    close(kinds_[i]);
    kinds_[i].finding.clients = kinds_[i].tokens.size();
    findings.errors[i] = kinds_[i].finding;
  }
}

}  // namespace parallax::audit
