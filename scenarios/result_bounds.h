// Bounds as a result tells them: by kind of change and pair of sites, and beside the metrics that they bound.
#pragma once

#include <vector>

#include "scenarios/bounds/bounds.h"
#include "scenarios/run.h"
#include "scenarios/schema/result.pb.h"
#include "scenarios/schema/scenario.pb.h"

namespace parallax::scenarios {

/// Bounds of each pair of sites, the worst over their nodes and over all seeds: what one may draw another may not.
/// Dependencies too.
void add_bounds(const schema::Scenario& scenario, const std::vector<SeedRun>& runs, schema::Result& result);

/// What can be said of a scenario without playing it: bounds, also under any single fault, and dependencies. Faults at
/// random are those of seed 1; one that waits for something is on from the start, and what a runbook does on a
/// condition is left out.
schema::Result foresee(const schema::Scenario& scenario);

}  // namespace parallax::scenarios
