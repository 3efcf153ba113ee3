// A distribution as a scenario writes it.
#pragma once

#include "scenarios/fitting/gamma_mixture.h"
#include "scenarios/fitting/shifted_lognormal.h"
#include "scenarios/schema/fit.pb.h"

namespace parallax::scenarios::fitting {

/// Lengths are cut to a thousandth of what they differ by, so that a person can read them.
schema::Delay written(const ShiftedLognormal& model);

/// A table of quantiles whose first and last cell end where they keep their means, as sim's tables do: the most extreme
/// lengths of a distribution without end say nothing of the next ones.
schema::Delay written(const GammaMixture& model);

/// The same of the samples themselves; but for the cut no value is beyond what was measured.
schema::Delay written(const Samples& samples);

/// What a run draws from it.
schema::LengthSummary drawn_from(const schema::Delay& delay);

}  // namespace parallax::scenarios::fitting
