// Bounds as a result tells them: by kind of change and pair of sites, and beside the metrics that they bound.
#pragma once

#include <vector>

#include "scenarios/bounds/bounds.h"
#include "scenarios/run.h"
#include "scenarios/schema/result.pb.h"
#include "scenarios/schema/scenario.pb.h"

namespace parallax::scenarios {

/// Of each pair of sites the worst over their nodes. `node_names`: "site/node", by NodeId.
std::vector<schema::Bound> draw_up_bounds(const std::vector<bounds::Bound>& bounds,
                                          const std::vector<std::string>& node_names);

/// Over all seeds: what one may draw another may not.
void add_bounds(const schema::Scenario& scenario, const std::vector<SeedRun>& runs, schema::Result& result);

}  // namespace parallax::scenarios
