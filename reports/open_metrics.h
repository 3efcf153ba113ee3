// The metrics of a Result in the text format of OpenMetrics 1.0, for whoever keeps results in a monitoring system. No
// time stamps: virtual time is nobody's.
#pragma once

#include <string>

#include "scenarios/schema/result.pb.h"

namespace parallax::reports {

/// A gauge for each metric, as parallax_window_token_revoked_max_seconds, with the figure's kind as a label: estimate,
/// low, high, worst, bound.
std::string open_metrics(const schema::Result& result);

}  // namespace parallax::reports
