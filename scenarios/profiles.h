// Fills in what a scenario leaves to a named profile, so that whoever reads the scenario sees what was simulated.
#pragma once

#include <string>
#include <vector>

#include "scenarios/schema/scenario.pb.h"

namespace parallax::scenarios {

/// Each field that a replication leaves out becomes its profile's. One whose profile is unknown stays as it is.
void fill_profiles(schema::Scenario& scenario);

/// As files may name them.
std::vector<std::string> profile_names();

/// The same of message brokers.
std::vector<std::string> event_profile_names();

}  // namespace parallax::scenarios
