// Fills in what a scenario leaves to a named profile, so that whoever reads the scenario sees what was simulated.
#pragma once

#include "scenarios/schema/scenario.pb.h"

namespace parallax::scenarios {

/// Each field that a replication leaves out becomes its profile's. One whose profile is unknown stays as it is.
void fill_profiles(schema::Scenario& scenario);

}  // namespace parallax::scenarios
