#include "reports/run/bounds_text.h"

#include <catch2/catch.hpp>
#include <sstream>
#include <string>

#include "reports/utf8.h"

namespace parallax::reports {
namespace {

schema::Result foreseen() {
  schema::Result result;
  result.set_scenario("pair");
  for (const char* observer : {"east", "we\x1bst"}) {
    schema::Bound& bound = *result.add_bounds();
    bound.set_change("token_revoked");
    bound.set_writer("east");
    bound.set_observer(observer);
    bound.set_undisturbed_ns(930'001'000'000);
    bound.set_greatest_ns(3'600'000'000'000);
    bound.set_ends_with_token(true);
    schema::BoundStage& stage = *bound.add_way();
    stage.set_stage("token_cache_ttl");
    stage.set_greatest_ns(900'000'000'000);
  }
  schema::Bound& never = *result.add_bounds();
  never.set_change("api_published");
  never.set_writer("east");
  never.set_observer("east");
  never.set_why("a person may forget a gateway");
  return result;
}

void check_lines(const std::string& text) {
  std::istringstream lines{text};
  for (std::string line; std::getline(lines, line);) {
    INFO(line);
    CHECK(code_points(line) <= 80);
    CHECK(line.find('\x1b') == std::string::npos);
  }
}

bool has(const std::string& text, std::string_view part) { return text.find(part) != std::string::npos; }

}  // namespace

TEST_CASE("bounds are told by kind and pair of data centers, with what they consist of") {
  const std::string text = bounds_text(foreseen());
  check_lines(text);
  CHECK(has(text, "Token revoked"));
  CHECK(has(text, "east > east"));
  CHECK(has(text, "15 min 30 s"));
  CHECK(has(text, "1 h 00 min*"));
  CHECK(has(text, "* then the token has expired."));
  CHECK(has(text, "the longest: 15 min token-cache TTL."));
  CHECK(has(text, "no bound: a person may forget a gateway."));
}

TEST_CASE("a scenario in which nothing is written has no bounds to tell") {
  CHECK(has(bounds_text(schema::Result{}), "Nothing is written in it."));
}

TEST_CASE("dependencies are told path by path, and what has nobody to stand in for it") {
  schema::Result result = foreseen();
  schema::Dependency& need = *result.add_dependencies();
  need.set_path("start-up");
  need.set_who("west");
  need.set_whom("east");
  need.set_why("its nodes do not start while they cannot reach it");
  schema::SinglePoint& point = *result.add_single_points();
  point.set_what("east/node-1");
  point.set_breaks("nothing is published there");
  schema::AnyFault& worst = *result.add_under_any_fault();
  worst.set_change("token_revoked");
  worst.set_greatest_ns(3'600'000'000'000);
  worst.set_ends_with_token(true);
  worst.set_fault("east lost");
  worst.set_writer("east/node-1");
  worst.set_observer("west/node-1");
  const std::string text = dependencies_text(result);
  check_lines(text);
  CHECK(has(text, "start-up\n    west > east: its nodes do not start"));
  CHECK(has(text, "without east/node-1: nothing is published there."));
  CHECK(has(text, "1 h 00 min, then the token has expired (east lost"));
  CHECK(has(dependencies_text(schema::Result{}), "No data center needs another."));
}

}  // namespace parallax::reports
