// What one run of a scenario gives of quantities that people measure on real systems, read from its journal.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "scenarios/parse.h"
#include "scenarios/schema/scenario.pb.h"
#include "scenarios/schema/truth.pb.h"

namespace parallax::scenarios::truth {

/// Whether a run of this scenario can give it. Says at `reading` what is wrong.
void check_reading(const schema::JournalReading& reading, const schema::Scenario& scenario, const Places& places,
                   std::vector<Problem>& problems);

/// What one seed gives of each reading, milliseconds or requests. Requires: both have passed checking.
std::vector<std::vector<double>> run_scenario(
    const schema::Scenario& scenario, const google::protobuf::RepeatedPtrField<schema::JournalReading>& readings,
    std::uint64_t seed);

}  // namespace parallax::scenarios::truth
