// Expectations against what was measured: pass, fail or inconclusive.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "scenarios/schema/result.pb.h"
#include "scenarios/schema/scenario.pb.h"

namespace parallax::scenarios {

/// A metric's values, one for each seed that has one.
struct SeedValues {
  std::vector<double> values;
  std::vector<std::uint64_t> seeds;
  std::uint64_t count{0};           ///< windows or requests behind all of them
  std::vector<std::size_t> open{};  ///< places in `values` of those that are at least so much

  /// How great they may be: infinite where something was open at the end.
  std::vector<double> greatest() const;
};

/// Fills in the outcomes, the verdict and its reasons. Needs the faults' outcomes and the timers in `result`. Under 6
/// seeds each seed's value must meet a limit; from 6 on the median's 95 % interval decides, and one that straddles the
/// limit is inconclusive. A value that is known from below alone misses an upper limit if it is beyond it, and else
/// proves nothing: inconclusive, "censored". A metric without values and a fault that touched nothing are vacuous:
/// inconclusive. So is what would pass if something that it is about was still waiting for a timer that never fired
/// (unfired.h): "timer_never_fired".
void judge(const schema::Scenario& scenario, const std::map<std::string, SeedValues>& values, schema::Result& result);

}  // namespace parallax::scenarios
