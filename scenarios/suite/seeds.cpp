#include "scenarios/suite/seeds.h"

#include <algorithm>

namespace parallax::scenarios::suite {

std::uint32_t seeds_of(const schema::Scenario& scenario, std::span<const schema::Assumption> assumptions) {
  const bool are_given = std::any_of(assumptions.begin(), assumptions.end(), [](const schema::Assumption& one) {
    return one.path() == "seeds" && one.origin() != "default";
  });
  if (are_given) return scenario.seeds();
  const bool is_long = std::find(scenario.tags().begin(), scenario.tags().end(), "long") != scenario.tags().end();
  return is_long ? kSeedsOfLong : kSeeds;
}

}  // namespace parallax::scenarios::suite
