// Samples as a scenario writes them, and what it draws from a delay.
#pragma once

#include "scenarios/fitting/samples.h"
#include "scenarios/schema/fit.pb.h"

namespace parallax::scenarios::fitting {

/// The quantiles of samples, in a table like that of a gamma mixture: but for the cut no value is beyond what was
/// measured.
schema::Delay written(const Samples& samples);

/// What a run draws from it.
schema::LengthSummary drawn_from(const schema::Delay& delay);

}  // namespace parallax::scenarios::fitting
