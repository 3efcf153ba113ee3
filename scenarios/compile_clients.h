// The part of compiling that is about how clients arrive and try again. Requires: a scenario that checking has passed.
#pragma once

#include <optional>
#include <span>
#include <string>

#include "models/steering/arrivals.h"
#include "models/steering/backoff.h"
#include "scenarios/schema/scenario.pb.h"

namespace parallax::scenarios {

steering::BackoffSpec backoff_spec(const schema::Population& population);
std::optional<steering::DaySpec> day_spec(const schema::Population& population);
std::optional<steering::TraceSpec> trace_spec(const schema::Population& population);

/// In the order of steering::Jitter.
std::span<const std::string> jitter_words();
/// poisson, regular.
std::span<const std::string> arrival_words();
/// In the order of steering::Service.
std::span<const std::string> kind_words();

}  // namespace parallax::scenarios
