// Which values of a scenario decide how long a phase lasts.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "scenarios/schema/scenario.pb.h"

namespace parallax::scenarios::backtest {

enum class Phase { detect, redirect, warm_up, back };
std::string_view name_of(Phase phase);

/// "regions[west].dns.ttl = 60s", those that matter most first.
std::vector<std::string> knobs_of(const schema::Scenario& scenario, const std::string& population, Phase phase);

}  // namespace parallax::scenarios::backtest
