// Windows that are still open when a run ends hide quantiles: wherever one is printed, it is "at least".
#include <catch2/catch.hpp>

#include "reports/findings.h"
#include "reports/run/run_page.h"
#include "reports/run/run_text.h"
#include "reports/words.h"
#include "tests/reports/find_text.h"
#include "tests/reports/sample_result.h"
#include "tests/reports/two_sites.h"

namespace parallax::reports {
namespace {

using test::count;

schema::Metric& revoked_max(schema::Result& result) {
  for (schema::Metric& metric : *result.mutable_metrics()) {
    if (metric.name() == "window.token_revoked.max") return metric;
  }
  throw std::logic_error("the sample has no such metric");
}

// 921.4 s typically, 928 s at worst.
TEST_CASE("an estimate and a worst value that are hidden are printed as the least they can be") {
  schema::Result result = test::sample_result();
  CHECK(count(summary(result), ">=") == 0);
  const std::string known = plain(run_page(result));
  CHECK(count(known, ">= 15 min 21 s") == 0);
  CHECK(count(known, ">= 15 min 28 s") == 0);
  revoked_max(result).set_estimate_open(true);
  revoked_max(result).set_worst_open(true);
  CHECK(count(summary(result), ">=15 min 21 s") == 1);
  CHECK(count(summary(result), ">=15 min 28 s") == 1);
  const std::string page = plain(run_page(result));
  CHECK(count(page, ">= 15 min 21 s") == 2);  // among the targets, and among all metrics
  CHECK(count(page, ">= 15 min 28 s") == 2);
  CHECK(count(page, "typical at least 15 min 21 s") == 1);
  CHECK(count(page, "worst at least 15 min 28 s") == 1);
}

TEST_CASE("an interval that is open above says so") {
  schema::Result result = test::sample_result();
  revoked_max(result).set_low(900);
  revoked_max(result).set_high(930);
  CHECK(count(plain(run_page(result)), "15 min 00 s to 15 min 30 s") == 1);
  revoked_max(result).set_high_open(true);
  CHECK(count(plain(run_page(result)), "15 min 00 s to >= 15 min 30 s") == 1);
}

TEST_CASE("of a class the quantiles beyond what is reached are the least they can be, and its curve stops") {
  schema::Result result = test::sample_result();
  const std::string known = plain(run_page(result));
  const schema::WindowClass& first = result.window_classes(0);
  const std::string p50 = plain(clock_words(first.p50_ns()));
  const std::string p99 = plain(clock_words(first.p99_ns()));
  const std::string longest = plain(clock_words(first.max_ns()));
  result.mutable_window_classes(0)->set_reached(0.97);
  const std::string page = plain(run_page(result));
  CHECK(count(page, ">= " + p50) == count(known, ">= " + p50));
  CHECK(count(page, ">= " + p99) > count(known, ">= " + p99));
  CHECK(count(page, "<b>>= " + longest) == count(known, "<b>>= " + longest) + 1);
  CHECK(count(page, "L100 0") + 2 == count(known, "L100 0"));  // area and line
}

TEST_CASE("between two sites the quantiles of the slowest node are the least they can be") {
  schema::Result result = test::two_sites();
  const std::string known = plain(run_page(result));
  for (schema::WindowClass& of : *result.mutable_window_classes()) {
    if (of.change() == "token_revoked" && of.writer() == "east" && of.observer() == "west/node-2") of.set_reached(0.6);
  }
  const std::string page = plain(run_page(result));
  CHECK(count(page, " · >= ") == count(known, " · >= ") + 1);
}

TEST_CASE("a verdict that open windows leave open says why") {
  CHECK_THAT(reason_words("censored", test::sample_result()), Catch::Contains("still open when a run ended"));
}

// 115 s in seed 1 and 117 s in seed 2 for "east": the median is 116 s.
TEST_CASE("an outage that the run's end has cut off is printed as the least it can be") {
  schema::Result result = test::two_sites();
  CHECK(count(plain(run_page(result)), ">= 1 min 57 s") == 0);
  for (auto& outage : *result.mutable_outages()) outage.set_open(outage.seed() == 2 && outage.population() == "east");
  const std::string page = plain(run_page(result));
  CHECK(count(page, ">= 1 min 57 s") == 4);  // the strip in picture and words, the worst of all, and that seed
  CHECK(count(page, "Of the at least 1 min 57 s without service") == 1);
  CHECK(count(page, ">= 1 min 56 s") == 1);  // of two the median lies between them
  CHECK_THAT(summary(result), Catch::Contains(">= 1 min 57 s"));
}

}  // namespace
}  // namespace parallax::reports
