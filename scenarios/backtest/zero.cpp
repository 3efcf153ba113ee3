#include "scenarios/backtest/zero.h"

#include "scenarios/fault_times.h"
#include "scenarios/wording.h"

namespace parallax::scenarios::backtest {

std::optional<Zero> zero_of(const SeedRun& run) {
  std::optional<sim::Spell> first;
  std::optional<Zero> zero;
  for (const schema::Fault& fault : run.faults) {
    const auto spells = spells_of(fault, run.end - sim::VirtualTime{}, run.seed);
    if (spells.empty() || (first && first->from <= spells.front().from)) continue;
    first = spells.front();
    zero = Zero{first->from.ns / sim::seconds(1).ns, {}, {}, "fault " + quoted(fault.name()) + " begins"};
    if (first->until >= run.end) continue;
    zero->over_s = first->until.ns / sim::seconds(1).ns - zero->at_s;
    zero->lasts = first->until - first->from;
  }
  return zero;
}

}  // namespace parallax::scenarios::backtest
