#include "reports/suite/baseline_file.h"

#include <catch2/catch.hpp>
#include <filesystem>

#include "reports/files.h"
#include "tests/reports/sample_suite.h"

namespace parallax::reports {
namespace {

using scenarios::suite::Baseline;

TEST_CASE("a history is read as it was written") {
  Baseline baseline;
  schema::SuiteRecord first = scenarios::suite::test::record("fail");
  first.mutable_runs(0)->set_seed(18446744073709551615U);
  schema::SuiteRecord second = scenarios::suite::test::record("pass");
  second.set_scenario("\"quoted\"\n😀");
  baseline.bless(first, "a reason,\nin \"two\" lines");
  baseline.bless(second, "another");
  const std::string text = baseline_lines(baseline);
  CHECK(test::times(text, "\n") == 2);

  const ReadBaseline read = baseline_from_lines("h.jsonl", text);
  REQUIRE(read.baseline);
  CHECK(read.errors.empty());
  CHECK(baseline_lines(*read.baseline) == text);
  REQUIRE(read.baseline->newest("pair") != nullptr);
  CHECK(read.baseline->newest("pair")->because() == "a reason,\nin \"two\" lines");
  CHECK(read.baseline->newest("pair")->runs(0).seed() == 18446744073709551615U);
  CHECK(scenarios::suite::state_of(read.baseline->newest("pair"), first) == scenarios::suite::State::kSame);
  CHECK(read.baseline->newest("\"quoted\"\n😀") != nullptr);
  // What it says it says again.
  Baseline again = *read.baseline;
  CHECK(again.bless(first, "why not") == Baseline::Blessing::kAsBefore);
}

TEST_CASE("each wrong line of a history is told with its place") {
  const std::string good = baseline_lines(Baseline{{scenarios::suite::test::record("pass")}});
  const ReadBaseline read =
      baseline_from_lines("h.jsonl", good + "\n{\"schema\":\n" + good + "{\"schema\":\"other/2\"}\n[]\n" +
                                         "{\"schema\":\"parallax.history/1\"}\n{\"unknown\":1}");
  CHECK_FALSE(read.baseline);
  REQUIRE(read.errors.size() == 5);
  CHECK(read.errors[0].starts_with("h.jsonl:3:1: cannot be read ("));
  CHECK(read.errors[1] ==
        "h.jsonl:5:1: found the schema \"other/2\", expected a line as parallax check --bless writes it");
  CHECK(read.errors[2].starts_with("h.jsonl:6:1: cannot be read ("));
  CHECK(read.errors[3].starts_with("h.jsonl:7:1: found no scenario's name"));
  CHECK(read.errors[4].starts_with("h.jsonl:8:1: cannot be read ("));
}

TEST_CASE("a history that is not there is empty only where it need not be") {
  const std::filesystem::path missing = "no_such_folder/history.jsonl";
  const ReadBaseline optional = read_baseline(missing, Presence::kOptional);
  REQUIRE(optional.baseline);
  CHECK(optional.baseline->records().empty());
  const ReadBaseline needed = read_baseline(missing, Presence::kNeeded);
  CHECK_FALSE(needed.baseline);
  REQUIRE(needed.errors.size() == 1);
  CHECK(needed.errors[0].starts_with("no_such_folder/history.jsonl:1:1: cannot be opened (No such file"));
  CHECK_FALSE(read_baseline(".", Presence::kOptional).baseline);
}

}  // namespace
}  // namespace parallax::reports
