#include "reports/suite/junit.h"

#include <catch2/catch.hpp>

#include "reports/files.h"
#include "reports/utf8.h"
#include "tests/reports/sample_suite.h"

namespace parallax::reports {
namespace {

using test::contains;
using test::times;

TEST_CASE("verdicts become what JUnit has for them") {
  const std::string xml = junit(test::sample_suite());
  CHECK(contains(xml, R"(<failure type="regressed" message="fails; it passed when it was blessed">)"));
  CHECK(contains(xml, R"(<failure type="missed" message="Access that should have ended: window.token_revoked.max)"));
  CHECK(contains(xml, R"(<skipped type="inconclusive" message="is inconclusive; it passed when it was blessed">)"));
  CHECK(contains(xml, R"(<error type="engine fault")"));
  CHECK(contains(xml, "its journal differs at us"));
  // GitLab shows the body alone.
  CHECK(contains(xml, ">fails; it passed when it was blessed\nmissed: Access that should have ended"));
  CHECK(contains(xml, "\nrun again: parallax run worse.txtpb</failure>"));
  // Two runs of three seconds.
  CHECK(contains(xml, R"(<testcase name="verdict" classname="same" time="6"/>)"));
}

TEST_CASE("each testsuite says what its times are") {
  const std::string xml = junit(test::sample_suite());
  CHECK(times(xml, R"(<property name="time_unit" value="virtual seconds, of all seeds together"/>)") == 8);
}

TEST_CASE("what is counted is there") {
  const std::string xml = junit(test::sample_suite());
  CHECK(times(xml, "<testsuite name=") == 8);
  CHECK(times(xml, "<testcase ") == 10);  // 8 scenarios, of which two have an expectation
  CHECK(times(xml, "<failure ") == 3);    // the expectations, and the regression
  CHECK(contains(xml, R"(<testsuites name="parallax check" tests="10" failures="3" errors="1" time="42">)"));  // 7 * 6
  CHECK(contains(xml, R"(<testsuite name="open" tests="1" failures="0" errors="0" skipped="1" time="6">)"));
}

TEST_CASE("where nothing may be undecided it is a failure, as in the exit code") {
  test::Suite suite = test::sample_suite();
  suite.inconclusive = test::Suite::Inconclusive::kCountsAsFailure;
  const std::string xml = junit(suite);
  CHECK_FALSE(contains(xml, "<skipped"));
  CHECK(contains(xml, R"(<failure type="inconclusive")"));
  CHECK(contains(xml, R"(failures="4" errors="1")"));
}

TEST_CASE("a known miss is skipped, with the reason, and a failure once it is met") {
  test::Suite suite;
  test::Row& row = test::add_row(suite, "known", "", "pass");
  scenarios::suite::test::expect("window.token_revoked.max", "fail", *row.now);
  row.now->mutable_expectations(0)->set_known_miss("as its author hoped");
  CHECK(contains(junit(suite), R"(<skipped type="known miss" message="Access that should have ended: )"));
  CHECK(contains(junit(suite), R"(failures="0")"));
  row.now->mutable_expectations(0)->set_verdict("pass");
  CHECK(contains(junit(suite), R"(<failure type="now met")"));
}

TEST_CASE("hostile names are nothing but text in XML") {
  const std::string xml = junit(test::hostile_suite());
  CHECK(well_formed(xml) == xml);
  CHECK_FALSE(contains(xml, "<script"));
  CHECK_FALSE(contains(xml, "]]>"));
  CHECK(contains(xml, "😀"));
  CHECK_FALSE(test::has_controls(xml));
  // The schema has a test of its own, which reads these.
  write_atomically(PARALLAX_JUNIT_FOLDER "/hostile.xml", xml);
  write_atomically(PARALLAX_JUNIT_FOLDER "/sample.xml", junit(test::sample_suite()));
  write_atomically(PARALLAX_JUNIT_FOLDER "/empty.xml", junit(test::Suite{}));
}

}  // namespace
}  // namespace parallax::reports
