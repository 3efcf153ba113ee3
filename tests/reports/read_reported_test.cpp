#include "reports/read_reported.h"

#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>

#include "reports/comparison/compare_page.h"
#include "reports/comparison/compare_text.h"
#include "reports/json.h"
#include "tests/reports/sample_result.h"

namespace parallax::reports {
namespace {

namespace fs = std::filesystem;

schema::Comparison comparison() {
  schema::Comparison comparison;
  comparison.set_schema("parallax.comparison/1");
  comparison.set_version("0.1.0");
  comparison.set_seeds(8);
  for (const char* name : {"a", "b"}) {
    *comparison.add_designs() = test::sample_result();
    comparison.mutable_designs()->rbegin()->set_scenario(name);
  }
  auto& metric = *comparison.add_metrics();
  metric.set_name("window.token_revoked.max");
  metric.set_unit("s");
  metric.add_best(1);
  for (int i = 0; i < 2; ++i) {
    metric.add_values()->add_values(930.1 + i);
    auto& difference = *metric.add_differences();
    if (i == 0) continue;
    difference.set_n(8);
    difference.set_median(0.1 + 0.2);
    difference.set_correlation(0.7);
    difference.set_gain(3.25);
    difference.set_verdict("unclear");
  }
  return comparison;
}

std::string error_of(const schema::Comparison& comparison) {
  const ReadReported read = reported_from_json("c.json", to_json(comparison));
  CHECK(read.reported.has_value() == read.error.empty());
  return read.error;
}

TEST_CASE("a comparison that is read again makes the same page and the same text") {
  const schema::Comparison first = comparison();
  const ReadReported read = reported_from_json("c.json", to_json(first));
  INFO(read.error);
  REQUIRE(read.reported);
  const auto& again = std::get<schema::Comparison>(*read.reported);
  CHECK(compare_page(again) == compare_page(first));
  CHECK(compare_text(again) == compare_text(first));
}

TEST_CASE("what says by its schema that it is a result or a suite is read as that") {
  schema::Result result = test::sample_result();
  result.set_schema("parallax.result/1");
  CHECK(std::holds_alternative<schema::Result>(*reported_from_json("r.json", to_json(result)).reported));
  schema::SuiteResult suite;
  suite.set_schema("parallax.suite/1");
  CHECK(std::holds_alternative<schema::SuiteResult>(*reported_from_json("s.json", to_json(suite)).reported));
}

TEST_CASE("a comparison of which designs, metrics and places do not fit together is refused") {
  CHECK(error_of(comparison()).empty());
  schema::Comparison lost = comparison();
  lost.set_baseline(2);
  CHECK(error_of(lost) == "c.json:1:1: found no baseline, expected a comparison.json as parallax compare writes it");
  lost = comparison();
  lost.mutable_metrics(0)->mutable_values()->RemoveLast();
  CHECK_THAT(error_of(lost), Catch::Contains("found a metric that not all designs have"));
  lost = comparison();
  lost.mutable_metrics(0)->add_best(2);
  CHECK_THAT(error_of(lost), Catch::Contains("found a metric that not all designs have"));
  lost = comparison();
  lost.mutable_designs(1)->mutable_runs(0)->set_ended_ns(-1);
  CHECK_THAT(error_of(lost), Catch::Contains("found a run that ended before it began"));
  lost = comparison();
  lost.set_schema("parallax.comparison/2");
  CHECK_THAT(error_of(lost), Catch::Contains("found the schema \"parallax.comparison/2\" of version \"0.1.0\""));
}

TEST_CASE("a folder means what of these is in it, and that nothing is in it is told") {
  const fs::path folder = fs::temp_directory_path() / "parallax_read_reported_test";
  fs::remove_all(folder);
  fs::create_directories(folder);
  CHECK_THAT(read_reported(folder).error, Catch::Contains("result.json:1:1: cannot be opened"));
  std::ofstream{folder / "comparison.json"} << to_json(comparison());
  CHECK(std::holds_alternative<schema::Comparison>(*read_reported(folder).reported));
  fs::remove_all(folder);
}

}  // namespace
}  // namespace parallax::reports
