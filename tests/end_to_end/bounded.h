// No window that a run finds is outside of its bounds.
#pragma once

#include <catch2/catch.hpp>
#include <string>
#include <vector>

#include "models/audit/findings.h"
#include "models/world/config.h"
#include "scenarios/bounds/check.h"

namespace parallax::test {

inline bounds::Checked check_bounds(const world::WorldConfig& config, const audit::Findings& findings,
                                    const std::vector<std::string>& node_names) {
  bounds::Checked checked = bounds::check(config, bounds::bounds_of(config), findings, node_names);
  for (const std::string& outside : checked.outside) FAIL_CHECK(outside);
  return checked;
}

}  // namespace parallax::test
