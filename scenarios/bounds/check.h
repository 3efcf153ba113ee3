// Holds what a run has found against the bounds: a window outside of them is a fault of the engine, of a model or of
// the bound, and no finding.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "models/audit/findings.h"
#include "scenarios/bounds/bounds.h"

namespace parallax::bounds {

struct Checked {
  std::uint64_t windows{0};            ///< longer than nothing
  std::uint64_t bounded{0};            ///< of them, held against a greatest
  std::vector<std::string> outside{};  ///< what is wrong, a sentence each; the first kMostOutside
};

inline constexpr std::size_t kMostOutside = 3;

/// Time in which others were before a change, for which there is no bound, is left out of its window first. `bounds`:
/// those of `config`.
Checked check(const world::WorldConfig& config, const std::vector<Bound>& bounds, const audit::Findings& findings,
              const std::vector<std::string>& node_names);

}  // namespace parallax::bounds
