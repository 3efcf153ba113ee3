// Simulates experiments: as many as are wanted, each as long as the measured one.
#pragma once

#include <functional>
#include <vector>

#include "scenarios/truth/plan.h"

namespace parallax::scenarios::truth {

/// Values of one row, by experiment.
using Experiments = std::vector<std::vector<double>>;

struct PredictOptions {
  unsigned jobs{1};  ///< seeds at a time; what comes out does not depend on it
  /// Called in the caller's thread now and then; may throw to stop all that is under way.
  std::function<void(unsigned done, unsigned total)> progress{};
};

/// By setting, in the order of the plan's groups, and by row. Experiment e of a setting has seeds e S + 1 to (e + 1) S.
std::vector<std::vector<Experiments>> predict(const Plan& plan, const PredictOptions& options);

}  // namespace parallax::scenarios::truth
