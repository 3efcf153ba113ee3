// Metrics whose figure would be another one if a timer had had the time to fire.
#pragma once

#include <string_view>

#include "scenarios/schema/result.pb.h"

namespace parallax::scenarios {

/// A timer that never fired in any run although something that the metric is about was waiting for it when one ended;
/// nothing if there is none. Of the quantiles of windows too, though those that are open say so themselves.
/// Needs the timers in `result`.
const schema::Timer* unfired_behind(std::string_view metric, const schema::Result& result);

/// Likewise of a share that only falls when tokens expire, and none did.
const schema::Timer* unfired_below(std::string_view metric, const schema::Result& result);

}  // namespace parallax::scenarios
