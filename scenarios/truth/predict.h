// Simulates experiments: as many as are wanted, each as long as the measured one.
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "scenarios/truth/plan.h"

namespace parallax::scenarios::truth {

/// Values of one row, by experiment.
using Experiments = std::vector<std::vector<double>>;

/// Experiments of a setting, of which number e has seeds e S + 1 to (e + 1) S.
struct Batch {
  const PlannedSetting* setting;
  std::uint32_t first;
  std::uint32_t end;  ///< the number after the last
};

struct PredictOptions {
  unsigned jobs{1};  ///< seeds at a time; what comes out does not depend on it
  /// Called in the caller's thread now and then; may throw to stop all that is under way.
  std::function<void(unsigned done, unsigned total)> progress{};
};

/// By batch and by row.
std::vector<std::vector<Experiments>> predict(std::span<const Batch> batches, const PredictOptions& options);

}  // namespace parallax::scenarios::truth
