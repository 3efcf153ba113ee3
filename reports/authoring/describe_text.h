// What `parallax describe` prints: a scenario in words, without running it.
#pragma once

#include <string>
#include <string_view>

#include "scenarios/load.h"

namespace parallax::reports {

/// `source_text`: the scenario's file, for the comment at its head. Plain text in 80 columns but for paths and titles.
std::string describe_text(const scenarios::Loaded& loaded, std::string_view source_text);

/// Every metric with its unit and definition.
std::string metrics_text();

}  // namespace parallax::reports
