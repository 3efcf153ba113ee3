#include "models/audit/statistics.h"

#include <catch2/catch.hpp>

namespace parallax::audit {
namespace {

constexpr domain::SiteId kEast{0};
constexpr domain::SiteId kWest{1};

// Two APIs, two data centers.
struct Sample {
  domain::Catalog catalog;
  Setup setup;
  Statistics statistics;

  Sample() : statistics{with_two_apis()} {}

  Setup& with_two_apis() {
    catalog.apis.resize(2);
    setup.catalog = &catalog;
    setup.sites = 2;
    setup.has_statistics = true;
    return setup;
  }
  void decide(std::uint32_t api, int times) {
    for (int i = 0; i < times; ++i) statistics.decided(domain::ApiId{api});
  }
  void answer(domain::SiteId site, std::uint32_t question, std::uint64_t first, std::uint64_t second) {
    statistics.answered({site, question, domain::ApiId{0}, first});
    statistics.answered({site, question, domain::ApiId{1}, second});
  }
  void close(domain::SiteId site, std::uint32_t api, std::uint64_t total, std::uint64_t waiting) {
    statistics.closed({site, domain::ApiId{api}, total, waiting});
  }
  StatisticsFinding finish() {
    Findings findings;
    statistics.finish(findings);
    return findings.statistics;
  }
};

// 60 and 40 are decided. The east says 50 and 45: 10 less and 5 more, 15 of 100. The west says 60 and 30: 10 less. The
// two differ by 10 and 15, 25 of 100.
TEST_CASE("errors of the APIs add up whatever their sign") {
  Sample sample;
  sample.decide(0, 60);
  sample.decide(1, 40);
  for (const domain::SiteId site : {kEast, kWest}) sample.statistics.asked({site, 1});
  sample.answer(kEast, 1, 50, 45);
  sample.answer(kWest, 1, 60, 30);
  const StatisticsFinding found = sample.finish();
  CHECK(found.questions == 2);
  CHECK(found.unanswered == 0);
  CHECK(found.error_max == 15);
  CHECK(found.error_ratio_max == Approx(0.15));
  CHECK(found.disagreement_ratio_max == Approx(0.25));
}

TEST_CASE("answers to different questions are not compared, and a question without an answer is counted") {
  Sample sample;
  sample.decide(0, 10);
  for (const domain::SiteId site : {kEast, kWest}) sample.statistics.asked({site, 1});
  sample.answer(kEast, 1, 10, 0);
  sample.decide(0, 10);
  for (const domain::SiteId site : {kEast, kWest}) sample.statistics.asked({site, 2});
  sample.answer(kWest, 2, 20, 0);
  const StatisticsFinding found = sample.finish();
  CHECK(found.unanswered == 2);
  CHECK(found.error_max == 0);
  CHECK(found.disagreement_ratio_max == 0);
}

TEST_CASE("before the first request nothing can be wrong") {
  Sample sample;
  sample.statistics.asked({kEast, 1});
  sample.answer(kEast, 1, 0, 0);
  CHECK(sample.finish().error_ratio_max == 0);
}

// Of 60, 6 wait in the east and 4 in the west, so summaries should hold 50: the east's lack 5, the west's 20. Of the
// second API's 40 both should hold all; the west's have 3 too many.
TEST_CASE("what waits to be summarised is not lost; the worst data center counts") {
  Sample sample;
  sample.decide(0, 60);
  sample.decide(1, 40);
  sample.close(kEast, 0, 45, 6);
  sample.close(kEast, 1, 40, 0);
  sample.close(kWest, 0, 30, 4);
  sample.close(kWest, 1, 43, 0);
  const StatisticsFinding found = sample.finish();
  CHECK(found.uncounted_end == 20);
  CHECK(found.double_counted_end == 3);
}

}  // namespace
}  // namespace parallax::audit
