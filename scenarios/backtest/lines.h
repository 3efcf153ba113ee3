// The shares of a drill and of a scenario's seeds, in the same buckets around time zero.
#pragma once

#include <string>
#include <vector>

#include "scenarios/backtest/band.h"
#include "scenarios/backtest/drill.h"
#include "scenarios/run.h"

namespace parallax::scenarios::backtest {

/// Whether time zero is as far into a minute of each run: else what is known by the minute alone has no buckets that
/// all of them share. Requires: every run has a time zero.
bool are_alike_in_minutes(const std::vector<SeedRun>& runs);

/// Those that the drill has: of each population that it names, or of all together, what failed; of each data center
/// what it decided. Buckets that not every run has in whole are left out. What a data center decides is known by the
/// minute of the run, and is told in whole minutes. Requires: every run has a time zero, and
/// they are alike in minutes if the drill tells data centers apart.
std::vector<Line> lines_of(const schema::Scenario& scenario, const std::vector<SeedRun>& runs, const Drill& drill,
                           std::int64_t bucket_s);

}  // namespace parallax::scenarios::backtest
