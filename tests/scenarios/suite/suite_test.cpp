#include "scenarios/suite/suite.h"

#include <catch2/catch.hpp>
#include <tuple>

#include "scenarios/suite/baseline.h"
#include "tests/scenarios/suite/sample.h"

namespace parallax::scenarios::suite {
namespace {

using test::moved;
using test::record;

TEST_CASE("every pair of verdicts has its state") {
  const char* const pass = "pass";
  const char* const fail = "fail";
  const char* const inconclusive = "inconclusive";
  const std::tuple<const char*, const char*, State> pairs[] = {
      {pass, pass, State::kSame},
      {pass, fail, State::kRegressed},
      {pass, inconclusive, State::kInconclusive},
      {fail, pass, State::kImproved},
      {fail, fail, State::kSame},
      {fail, inconclusive, State::kInconclusive},
      {inconclusive, pass, State::kImproved},
      {inconclusive, fail, State::kRegressed},
      {inconclusive, inconclusive, State::kSame},
  };
  for (const auto& [before, now, state] : pairs) {
    INFO(before << " -> " << now);
    const schema::SuiteRecord old = record(before);
    CHECK(state_of(&old, record(now)) == state);
    // Another way with the same verdict is a move, and no more than that.
    CHECK(state_of(&old, moved(record(now))) == (state == State::kSame ? State::kMoved : state));
    CHECK(state_of(nullptr, record(now)) == State::kNew);
  }
}

TEST_CASE("of what fails as before the expectations tell") {
  const schema::SuiteRecord one = record("fail");
  schema::SuiteRecord two = one;
  test::expect("window.api_published.max", "fail", two);
  CHECK(state_of(&one, two) == State::kRegressed);
  CHECK(state_of(&two, one) == State::kImproved);
  // One more of them that is met changes nothing; another one that is missed is worse, though another is met now.
  schema::SuiteRecord met = one;
  test::expect("window.api_published.max", "pass", met);
  CHECK(state_of(&one, met) == State::kSame);
  schema::SuiteRecord other = record("pass");
  other.set_verdict("fail");
  test::expect("window.api_published.max", "fail", other);
  CHECK(state_of(&one, other) == State::kRegressed);
}

TEST_CASE("a difference is found with its seed, site and second") {
  const schema::SuiteRecord before = record("pass");
  CHECK_FALSE(first_difference(before, before));
  CHECK(first_difference(before, moved(before)) == Difference{2, "us", 1, 1});

  // Both sites, from the start.
  schema::SuiteRecord now = moved(before);
  now.mutable_runs(1)->mutable_sites(0)->set_fingerprint("other");
  now.mutable_runs(1)->set_checkpoints("ddddddddeeeeeeeeffffffff");
  CHECK(first_difference(before, now) == Difference{2, "eu", 2, 0});

  // Behind the last whole second, and where one goes on.
  now = moved(before);
  now.mutable_runs(1)->set_checkpoints(before.runs(1).checkpoints());
  CHECK(first_difference(before, now) == Difference{2, "us", 1, 3});
  now.mutable_runs(1)->set_checkpoints("aaaaaaaabbbbbbbb");
  CHECK(first_difference(before, now) == Difference{2, "us", 1, 2});

  // A site that is no more, and one that is new.
  now = moved(before);
  now.mutable_runs(1)->mutable_sites()->DeleteSubrange(1, 1);
  CHECK(first_difference(before, now) == Difference{2, "us", 1, 1});
  now.mutable_runs(1)->add_sites()->set_site("asia");
  CHECK(first_difference(before, now) == Difference{2, "asia", 2, 1});

  // Without checkpoints nobody knows when.
  now.mutable_runs(1)->clear_checkpoints();
  CHECK(first_difference(before, now) == Difference{2, "asia", 2, std::nullopt});
}

TEST_CASE("seeds that only one of them ran are not compared") {
  const schema::SuiteRecord before = record("pass");
  schema::SuiteRecord more = before;
  test::add_run(3, more);
  CHECK(state_of(&before, more) == State::kSame);
  CHECK(state_of(&more, before) == State::kSame);
  schema::SuiteRecord others = before;
  others.mutable_runs(0)->set_seed(8);
  others.mutable_runs(1)->set_seed(9);
  CHECK(state_of(&before, others) == State::kSame);
}

TEST_CASE("a blessing is appended, and the newest counts") {
  Baseline baseline;
  CHECK(baseline.newest("pair") == nullptr);
  CHECK(baseline.bless(record("pass"), "first") == Baseline::Blessing::kAppended);
  CHECK(baseline.bless(record("fail"), "known") == Baseline::Blessing::kAppended);
  schema::SuiteRecord other = record("pass");
  other.set_scenario("other");
  CHECK(baseline.bless(other, "first") == Baseline::Blessing::kAppended);
  REQUIRE(baseline.records().size() == 3);
  CHECK(baseline.newest("pair")->verdict() == "fail");
  CHECK(baseline.newest("pair")->because() == "known");
  CHECK(baseline.newest("pai") == nullptr);
  // What nothing is held against any more keeps no checkpoints.
  CHECK(baseline.records()[0].runs(0).checkpoints().empty());
  CHECK(baseline.records()[0].runs(0).fingerprint() == "f1");
  CHECK_FALSE(baseline.newest("pair")->runs(0).checkpoints().empty());
}

TEST_CASE("to bless what is blessed already changes nothing") {
  Baseline baseline;
  baseline.bless(record("pass"), "first");
  CHECK(baseline.bless(record("pass"), "again") == Baseline::Blessing::kAsBefore);
  CHECK(baseline.records().size() == 1);
  CHECK(baseline.newest("pair")->because() == "first");
  CHECK(baseline.bless(moved(record("pass")), "a new model") == Baseline::Blessing::kAppended);
}

TEST_CASE("a record keeps of a result what later ones are held against") {
  schema::Result result;
  result.set_version("0.1.0");
  result.set_scenario("pair");
  result.set_seeds(1);
  result.set_verdict("fail");
  result.add_reasons("vacuous");
  result.set_fingerprint("f");
  schema::Run& run = *result.add_runs();
  run.set_seed(7);
  run.set_fingerprint("f");
  run.set_checkpoints("aaaaaaaabbbbbbbb");
  run.add_sites()->set_site("eu");
  schema::ExpectationOutcome& outcome = *result.add_expectations();
  outcome.set_metric("window.token_revoked.max");
  outcome.set_limit(60);
  outcome.set_verdict("fail");
  outcome.set_text("too long");
  schema::Metric& split = *result.add_metrics();  // of one pair of sites alone
  split.set_name("window.token_revoked.max");
  split.set_writer("eu");
  split.set_estimate(1);
  schema::Metric& whole = *result.add_metrics();
  whole.set_name("window.token_revoked.max");
  whole.set_estimate(75);

  const schema::SuiteRecord record = record_of(result, "c0ffee");
  CHECK(record.schema() == kRecordSchema);
  CHECK(record.scenario() == "pair");
  CHECK(record.config() == "c0ffee");
  CHECK(record.reasons(0) == "vacuous");
  REQUIRE(record.expectations_size() == 1);
  CHECK(record.expectations(0).value() == 75);
  CHECK(record.expectations(0).text() == "too long");
  REQUIRE(record.runs_size() == 1);
  CHECK(record.runs(0).sites(0).site() == "eu");
  CHECK(virtual_seconds(record) == 2);  // 16 digits, 8 a second
}

TEST_CASE("rows stand in the order in which somebody has to look at them") {
  Suite suite;
  const auto add = [&suite](const char* name, const char* before, const char* now) {
    Row& row = suite.rows.emplace_back();
    row.scenario = name;
    const schema::SuiteRecord old = record(before);
    compare(&old, record(now), row);
  };
  add("same", "pass", "pass");
  add("improved", "fail", "pass");
  add("known", "fail", "fail");
  add("open", "pass", "inconclusive");
  add("worse b", "pass", "fail");
  add("worse a", "pass", "fail");
  suite.rows.emplace_back().scenario = "broken";
  suite.rows.back().state = State::kFault;
  Row& moved_row = suite.rows.emplace_back();
  moved_row.scenario = "moved";
  const schema::SuiteRecord old = record("pass");
  compare(&old, moved(old), moved_row);

  std::vector<std::string> names;
  for (const Row* row : in_order(suite)) names.push_back(row->scenario);
  CHECK(names ==
        std::vector<std::string>{"broken", "worse a", "worse b", "known", "open", "moved", "improved", "same"});
  CHECK(suite.count(State::kRegressed) == 2);
  CHECK(suite.count("fail") == 3);
  CHECK(suite.count("error") == 1);
  CHECK_FALSE(needs_a_look(suite.rows[0]));
  for (std::size_t i = 1; i < suite.rows.size(); ++i) CHECK(needs_a_look(suite.rows[i]));
}

}  // namespace
}  // namespace parallax::scenarios::suite
