// Draws up the result of a scenario from what its seeds gave: the one thing that reports read.
#pragma once

#include <string>
#include <vector>

#include "scenarios/load.h"
#include "scenarios/run.h"
#include "scenarios/schema/result.pb.h"

namespace parallax::scenarios {

/// Requires: at least one run, in seed order as asked for.
schema::Result draw_up_result(const Loaded& loaded, const std::vector<SeedRun>& runs, const std::string& command);

}  // namespace parallax::scenarios
