// Shares over time as panels on one clock: of a population's calls that were served, of all requests that a data center
// decided.
#pragma once

#include <string>

#include "reports/clock.h"
#include "reports/run/availability.h"
#include "scenarios/schema/result.pb.h"

namespace parallax::reports {

/// From here on everyone counts as served: a call in a hundred may fail.
inline constexpr double kEveryOne = 0.99;

/// "94 %", "99.6 %": never rounded up to all.
std::string share_words(double share);

/// "94 %", "60 % to 100 %": the worst and the best second of a column.
std::string extent_words(const Extent& extent);

/// In the worst second with calls.
double least_served(const schema::Series& series);

/// The row of a population; `series` is its "availability".
std::string population_panel(const Clock& clock, const schema::Series& series);

/// The row of access tokens in force, as a share of those at the start; empty where they never fall below kMostTokens
/// of them (who calls seldom is without one most of the time).
inline constexpr double kMostTokens = 0.8;
std::string token_panel(const Clock& clock, const schema::Series& series);

/// The row of a data center; empty without "requests" of its nodes.
std::string share_panel(const Clock& clock, const std::string& site);

}  // namespace parallax::reports
