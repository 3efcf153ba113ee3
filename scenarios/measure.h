// The metrics of one seed, by the names of metrics.h.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <vector>

#include "models/audit/findings.h"

namespace parallax::scenarios {

struct Measured {
  double value{0};
  std::uint64_t count{0};  ///< windows or requests behind it
  bool open{false};        ///< it is at least so much: a window was open, or somebody not served yet, at the end
};

/// A metric without anything to measure is absent. `statements`: that databases have run for nodes.
std::map<std::string, Measured> measure(const audit::Findings& findings, std::uint64_t statements);

/// What is told of each population too, by its number; nothing of one that was never answered.
std::map<std::string, Measured> measure_population(const audit::Findings& findings, std::size_t population);

/// The windows of one change, all its observers: adjacent in findings.
std::vector<std::span<const audit::WindowFinding>> by_change(const std::vector<audit::WindowFinding>& windows);

/// The longest of a change's windows: when everybody obeys it. Of equals one that is still open.
const audit::WindowFinding& complete_window(std::span<const audit::WindowFinding> windows_of_change);

}  // namespace parallax::scenarios
