// Health checks that are wrong for a while.
#pragma once

#include <vector>

#include "models/steering/health/checker.h"
#include "models/world/config.h"

namespace parallax::world {

inline void schedule_mistakes(const std::vector<steering::health::Checker*>& checkers, const WrongChecks& wrong) {
  for (steering::health::Checker* checker : checkers) {
    for (const sim::Spell& spell : wrong.spells) {
      const steering::health::Mistake mistake{wrong.number, wrong.says};
      checker->site().at(spell.from, [checker, mistake] { checker->begin_mistake(mistake); });
      checker->site().at(spell.until, [checker, fault = wrong.number] { checker->end_mistake(fault); });
    }
  }
}

}  // namespace parallax::world
