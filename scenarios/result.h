// Draws up the result of a scenario from what its seeds gave: the one thing that reports read.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "scenarios/expect.h"
#include "scenarios/load.h"
#include "scenarios/run.h"
#include "scenarios/schema/result.pb.h"

namespace parallax::scenarios {

/// What each seed measured, by metric; a metric that no seed has is absent.
std::map<std::string, SeedValues> values_by_metric(const std::vector<SeedRun>& runs);

/// Requires: at least one run, in seed order as asked for.
schema::Result draw_up_result(const Loaded& loaded, const std::vector<SeedRun>& runs, const std::string& command);

}  // namespace parallax::scenarios
