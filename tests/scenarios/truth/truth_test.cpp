// Every measured row against its prediction, as `parallax truth` does it. Those that are outside are known, each with
// its reason in the mapping: one more, or one less, turns this red.
#include <catch2/catch.hpp>
#include <set>
#include <string>
#include <thread>

#include "scenarios/truth/compare.h"
#include "tests/scenarios/truth/simulated.h"

namespace parallax::scenarios::truth {

namespace {

std::set<std::string> with_reasons(const Plan& plan) {
  std::set<std::string> rows;
  for (const PlannedGroup& group : plan.groups) {
    for (const schema::TruthNote& note : group.group.notes()) rows.insert(note.setting() + ": " + note.quantity());
  }
  return rows;
}

}  // namespace

TEST_CASE("every measured row is within, but for those whose reason is told") {
  const Plan all = plan(test::scenario_file("truth/truth"), "", {});
  REQUIRE(all.problems.empty());
  const schema::TruthReport report = compare(all, {std::max(1U, std::thread::hardware_concurrency()), {}});
  std::set<std::string> outside;
  for (const schema::TruthReportGroup& group : report.groups()) {
    for (const schema::TruthReportRow& row : group.rows()) {
      if (!row.within()) outside.insert(row.setting() + ": " + row.quantity());
      for (const schema::TruthReportFigure& figure : row.figures()) {
        INFO(row.setting() << ": " << row.quantity());
        if (figure.judged() == "measured" && !figure.within()) CHECK(row.experiments() >= 199);
      }
    }
  }
  CHECK(outside == with_reasons(all));
  CHECK(report.rows_outside() == outside.size());
  CHECK(report.rows_within() + report.rows_outside() > 100);
}

TEST_CASE("the comparison does not depend on how many runs there are at a time") {
  const Plan some = plan(test::scenario_file("truth/truth"), "express_redis", {});
  REQUIRE(some.problems.empty());
  CHECK(compare(some, {1, {}}).SerializeAsString() == compare(some, {3, {}}).SerializeAsString());
}

}  // namespace parallax::scenarios::truth
