// Whether two scenarios put their deployments to the same trial: for as long, with the same work on the same catalog,
// the same faults and the same questions. Only then does a difference between them come from the deployments. Targets
// may differ: what only some of them have is no question of the comparison.
#pragma once

#include <optional>
#include <string>

#include "scenarios/schema/scenario.pb.h"

namespace parallax::scenarios {

/// The first field in which their trials differ: "workload.populations[0].rate: found \"120/s\", expected \"150/s\"";
/// nothing if they are the same. Requires: both are checked. `expected` is the one that sets the trial.
std::optional<std::string> trial_difference(const schema::Scenario& expected, const schema::Scenario& found);

}  // namespace parallax::scenarios
