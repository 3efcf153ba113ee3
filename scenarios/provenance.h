// Where every value of a scenario came from, for the report's list of assumptions.
#pragma once

#include <vector>

#include "scenarios/parse.h"
#include "scenarios/schema/result.pb.h"

namespace parallax::scenarios {

/// One assumption per value, in the order of the schema; a list of plain values counts as one. Prose (titles,
/// descriptions) assumes nothing and is left out. Requires: defaults are filled in.
std::vector<schema::Assumption> assumptions_of(const Draft& draft);

}  // namespace parallax::scenarios
