// What others have claimed and a scenario's expectations decide.
#pragma once

#include "scenarios/schema/result.pb.h"

namespace parallax::scenarios {

/// Requires: the result's config is there.
void add_claims(schema::Result& result);

}  // namespace parallax::scenarios
