// Whether two results are of one scenario: a hash of its values, by their dotted paths, in the words of its file.
#pragma once

#include "scenarios/schema/scenario.pb.h"
#include "sim/fingerprint.h"

namespace parallax::scenarios {

/// Leaves out what shapes no run: the title, what suites alone read, and the number of seeds, which results tell
/// themselves. Requires: defaults are filled in.
sim::Fingerprint config_hash(const schema::Scenario& scenario);

}  // namespace parallax::scenarios
