// What a trial asks about, design beside design, as a table in Markdown: for a README, or a comment on a change.
#pragma once

#include <string>

#include "scenarios/schema/comparison.pb.h"

namespace parallax::reports {

/// A row for each metric that the trial asks about (without any: that has a target; without those: all), and one for
/// each population where it is told by population; in each cell what is typical, and its 95 % interval.
std::string compare_markdown(const schema::Comparison& comparison);

}  // namespace parallax::reports
