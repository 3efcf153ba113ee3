// What `parallax list` prints: the library's scenarios, and the data sets that delays can be taken from.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "scenarios/data/round_trips.h"

namespace parallax::reports {

struct ListedScenario {
  std::string name;  ///< "clocks/gateway_ahead"
  std::string title;
};

/// One a line, under the folder that it is in. In the order given, in which a folder's stand together.
std::string list_text(std::span<const ListedScenario> scenarios);

/// Each set with its source, and its regions with where they are.
std::string data_text(std::span<const scenarios::data::RoundTrips> sets);

}  // namespace parallax::reports
