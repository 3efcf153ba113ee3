// A drill before it is held: minute by minute what is done, what should be read, and when to stop. Drawn up from a
// result alone; readings are those of all its seeds.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "scenarios/schema/result.pb.h"

namespace parallax::reports {

/// Something that is read: a column of the plan.
struct Instrument {
  std::string name;  ///< "calls of west that fail"
  const schema::Reading* reading;
};

/// A share, and what 90 % of the seeds had; low below 0: no call.
struct Expected {
  double low{-1};
  double typical{-1};
  double high{-1};
};

/// Minutes in which nothing is done, or one, and all readings are alike.
struct PlanRow {
  std::int64_t from_ns;
  std::int64_t until_ns;
  std::vector<std::string> actions;  ///< "25 min: fault us-east lost begins"
  std::vector<Expected> readings;    ///< of each instrument
};

struct DrillPlan {
  std::vector<Instrument> instruments;  ///< that move in the drill
  std::vector<std::string> steady;      ///< names of those that do not
  std::vector<PlanRow> rows;            ///< from shortly before the first action until all is quiet again
  std::vector<std::string> drawn;       ///< "fault "flaky" (us-east)": at random times, so in no row
  std::vector<std::string> stops;       ///< "calls of west that fail: over 65 % in any minute; ..."
};

/// Without readings (of a result of an earlier version) or without anything that is done, no row.
DrillPlan drill_plan(const schema::Result& result);

/// When the first fault of the plan begins; nothing if it has none.
std::optional<std::int64_t> first_fault_ns(const schema::Result& result);

/// "48 % (41 to 55 %)", "0 %".
std::string expected_words(const Expected& expected);

/// "0:25–0:26".
std::string row_time_words(const PlanRow& row);

}  // namespace parallax::reports
