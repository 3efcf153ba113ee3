// Predicted against measured, row by row, by one rule.
//
// Where the measurement has several independent draws, a predicted mean, median and 95th percentile must lie in the 99
// % interval of the measured one, widened by 5 % of it or by 3 ms (one request), whichever is more. Predicted is what
// an experiment of the measured size gives on average.
//
// What was measured in a single cut is one draw, whose spread nobody has measured; and so is a greatest value, of
// whatever sample: a bootstrap knows nothing above it. These measured figures must lie between the least and the
// greatest of 199 simulated experiments of the measured size, widened alike: a measured experiment that is one more of
// the same kind does so in 99 % of cases, (199 - 1) / (199 + 1). Once it lies between those of fewer, no more are
// played.
#pragma once

#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "scenarios/problem.h"
#include "scenarios/schema/truth.pb.h"
#include "scenarios/truth/predict.h"

namespace parallax::scenarios::truth {

/// One row. Requires: the experiments have values.
schema::TruthReportRow compare(const schema::MeasuredRow& measured, const Experiments& predicted);

/// All rows of a plan. Requires: it has no problems.
schema::TruthReport compare(const Plan& plan, const PredictOptions& options);

}  // namespace parallax::scenarios::truth
