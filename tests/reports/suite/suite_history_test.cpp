#include "reports/suite/suite_history.h"

#include <catch2/catch.hpp>

#include "reports/suite/suite_page.h"
#include "tests/reports/own_script.h"
#include "tests/reports/sample_suite.h"

namespace parallax::reports {
namespace {

using test::contains;
using test::times;

// Blessed as it passed with 30 s, then as it failed with 75 s; now it fails again. The target is 60 s.
test::Row twice_blessed() {
  test::Suite suite;
  test::Row row = test::add_row(suite, "worse", "pass", "fail");
  for (const char* verdict : {"pass", "fail"}) {
    schema::SuitePast& past = row.history.emplace_back();
    past.set_verdict(verdict);
    schema::SuiteRecord record;
    scenarios::suite::test::expect("window.token_revoked.max", verdict, record);
    *past.mutable_expectations() = record.expectations();
  }
  return row;
}

TEST_CASE("a target's value at each blessing and now, in a picture and in its title") {
  const std::string mark = history_mark(twice_blessed());
  CHECK(contains(mark,
                 "<title>Access that should have ended, blessing by blessing: 30\u00A0s, 1\u00A0min\u00A015\u00A0s "
                 "(missed); now 1\u00A0min\u00A015\u00A0s (missed); at most 1\u00A0min</title>"));
  CHECK(times(mark, "class=\"disc\"") == 1);
  CHECK(times(mark, "class=\"diamond\"") == 2);
  CHECK(times(mark, "class=\"line\"") == 2);
  CHECK(contains(mark, "2\u00A0blessings"));
  // 75 s is the greatest: at the upper edge, 5 px from the top; 30 s lies at 25 - 30/75 * 20 = 17, 60 s at 9.
  CHECK(contains(mark, R"(y1="17.0" y2="5.0")"));
  CHECK(contains(mark, R"(stroke-dasharray="3 2" x1="0" x2="100%" y1="9.0" y2="9.0")"));
}

TEST_CASE("what was never blessed, or has no result, has no history") {
  test::Suite suite;
  CHECK(history_mark(test::add_row(suite, "fresh", "", "pass")).empty());
  test::Row fault = test::add_fault(suite, "broken", "gave up");
  fault.history = twice_blessed().history;
  CHECK(history_mark(fault).empty());
}

TEST_CASE("a target that a blessing did not have leaves a gap, and without any the verdicts stand in a line") {
  test::Row row = twice_blessed();
  row.history[1].clear_expectations();
  const std::string mark = history_mark(row);
  CHECK(contains(mark, "30\u00A0s, no such target; now"));
  CHECK(times(mark, "class=\"line\"") == 0);
  row.now->clear_expectations();
  CHECK(contains(history_mark(row), "<title>Verdict, blessing by blessing: pass, fail; now fail</title>"));
}

TEST_CASE("of hundreds of blessings the last are drawn and the last six told") {
  test::Row row = twice_blessed();
  const schema::SuitePast past = row.history.front();
  row.history.assign(300, past);
  const std::string mark = history_mark(row);
  CHECK(times(mark, "class=\"disc\"") == 23);
  CHECK(contains(mark, "17 earlier, 30"));
  CHECK(contains(mark, "300\u00A0blessings"));
}

TEST_CASE("the page shows histories, and hostile ones are nothing but text") {
  test::Suite suite = test::hostile_suite();
  for (test::Row& row : suite.rows) {
    schema::SuitePast& past = row.history.emplace_back();
    past.set_verdict(test::kHostile);
    past.set_because(test::kHostile);
    if (!row.now) continue;
    *past.mutable_expectations() = row.now->expectations();
  }
  const std::string page = suite_page(suite);
  CHECK(contains(page, "blessing by blessing"));
  CHECK(test::runs_only_its_own_script(page));
  CHECK_FALSE(contains(page, "\x1B"));
  CHECK(times(page, "<bdi>") == times(page, "</bdi>"));
}

TEST_CASE("a row that was asked for with changes says that what was blessed was not") {
  test::Suite suite;
  test::Row& row = test::add_row(suite, "same", "pass", "pass");
  row.asked = "--set duration=5m";
  CHECK_FALSE(contains(suite_page(suite), "differs from what was blessed"));
  row.now->set_config("other");
  row.now->set_fingerprint("other");
  row.state = test::State::kMoved;
  CHECK(contains(suite_page(suite), "what was asked for differs from what was blessed: --set duration=5m"));
  row.asked.clear();
  CHECK(contains(suite_page(suite), "its scenario has changed since it was blessed"));
}

}  // namespace
}  // namespace parallax::reports
