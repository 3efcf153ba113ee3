// What was not as usual at a data center, on a link or for a region, and from when to when: by the faults and the
// moments of the first seed. A table, and the states that the picture of the deployment takes from instant to instant.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "reports/table.h"
#include "scenarios/schema/result.pb.h"

namespace parallax::reports {

/// "s0", "r1": the first data center, the second region, by which the picture and what is said of it find each other;
/// empty of other names.
std::string place_of(const schema::Scenario& scenario, std::string_view name);

/// "s0-s1" of the link between them, whichever of them is named first.
std::string place_between(const schema::Scenario& scenario, std::string_view one, std::string_view other);

struct Disturbance {
  std::string place;  ///< empty: not in the picture
  std::string where;  ///< HTML
  std::int64_t start_ns;
  std::int64_t end_ns;
  enum class State { kImpaired, kDown } state;
  std::string words;  ///< plain text: "no power", "cut", "slower by 200 ms"
};

/// In order of their beginning.
std::vector<Disturbance> disturbances_of(const schema::Result& result);

/// A row for each. Its attributes are what the page's script reads.
Table disturbances_table(const std::vector<Disturbance>& disturbances);

}  // namespace parallax::reports
