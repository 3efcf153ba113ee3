// What others have claimed and a scenario of the library decides.
#pragma once

#include "scenarios/schema/result.pb.h"

namespace parallax::scenarios {

/// Requires: the result has its name and its config. A scenario is known by its name, expectations by metric and side.
void add_claims(schema::Result& result);

}  // namespace parallax::scenarios
