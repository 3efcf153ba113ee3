#include "models/audit/availability.h"

#include <catch2/catch.hpp>

#include "tests/models/audit/two_nodes.h"

namespace parallax::audit {
namespace {

using domain::Ending;
using domain::Outcome;
using domain::PopulationId;

constexpr PopulationId kUsers{0};

class Sample {
 public:
  explicit Sample(std::size_t populations = 1) : setup_{with(populations)}, availability_{setup_} {}

  // In second `second`: so many requests with an answer, so many without.
  void second(std::int64_t second, int good, int bad, PopulationId population = kUsers) {
    for (int i = 0; i < good; ++i) add(second, Ending::kAnswered, population);
    for (int i = 0; i < bad; ++i) add(second, Ending::kTimedOut, population);
  }
  void add(std::int64_t second, Ending ending, PopulationId population = kUsers, Outcome outcome = Outcome::kAdmitted) {
    const sim::VirtualTime sent = at(second) + sim::milliseconds(999);
    availability_.finished({population, domain::TokenId{0}, sent, ending, outcome});
  }
  // The site is lost at the start of `second`.
  void lose(std::int64_t second) {
    availability_.site_changed({sim::SiteId{0}, sim::SiteId{0}, domain::SiteChange::kLost}, at(second));
  }
  Findings finish() const {
    Findings findings;
    availability_.finish(findings);
    return findings;
  }
  std::int64_t down() const { return finish().unavailable_seconds; }

 private:
  static Setup with(std::size_t populations) {
    Setup setup;
    setup.region_of_population.resize(populations);
    return setup;
  }
  Setup setup_;
  Availability availability_;
};

TEST_CASE("without requests nothing is unavailable") { CHECK(Sample{}.down() == 0); }

TEST_CASE("a second is down when under half of its requests were served") {
  Sample half;
  half.second(3, 2, 2);
  CHECK(half.down() == 0);
  Sample under;
  under.second(3, 2, 3);
  CHECK(under.down() == 1);
}

TEST_CASE("a refusal is an answer, and silence is a failed request") {
  Sample sample;
  for (const Outcome refusal : {Outcome::kApiUnknown, Outcome::kTokenInvalid, Outcome::kSubscriptionBlocked,
                                Outcome::kSubscriptionMissing, Outcome::kQuotaExceeded}) {
    sample.add(0, Ending::kAnswered, kUsers, refusal);
  }
  CHECK(sample.finish().failed_requests == 0);
  CHECK(sample.down() == 0);
  sample.second(9, 0, 4);
  CHECK(sample.finish().failed_requests == 4);
}

TEST_CASE("a run of seconds that are down is one window") {
  Sample sample;
  for (int second = 10; second < 17; ++second) sample.second(second, 0, 1);
  CHECK(sample.down() == 7);
}

// Down at 10 and 15, up at 11 to 14: a gap of 4 s, so one window from 10 to 15 inclusive, 6 s.
TEST_CASE("a gap of four seconds is part of the window around it") {
  Sample sample;
  sample.second(10, 0, 1);
  for (int second = 11; second < 15; ++second) sample.second(second, 1, 0);
  sample.second(15, 0, 1);
  CHECK(sample.down() == 6);
}

// Down at 10 and 16, up at 11 to 15: a gap of 5 s, so two windows of 1 s.
TEST_CASE("a gap of five seconds separates two windows") {
  Sample sample;
  sample.second(10, 0, 1);
  for (int second = 11; second < 16; ++second) sample.second(second, 1, 0);
  sample.second(16, 0, 1);
  CHECK(sample.down() == 2);
}

TEST_CASE("seconds without requests are no data: not down by themselves, and a short stretch does not separate") {
  Sample sample;
  sample.second(10, 0, 1);
  sample.second(20, 0, 1);  // 9 empty seconds between
  CHECK(sample.down() == 2);
  sample.second(23, 0, 1);  // 2 empty seconds between: merged
  CHECK(sample.down() == 1 + 4);
}

TEST_CASE("requests count in the second in which they were sent") {
  Sample sample;
  sample.second(0, 1, 0);
  sample.second(1, 0, 1);
  CHECK(sample.down() == 1);
}

// 2 s and 3 s of two populations: the worse is 3 s; the failed requests of both are 5.
TEST_CASE("the worst population's time is reported, and everybody's failed requests") {
  Sample sample{2};
  for (int second = 0; second < 2; ++second) sample.second(second, 0, 1, PopulationId{0});
  for (int second = 40; second < 43; ++second) sample.second(second, 0, 1, PopulationId{1});
  CHECK(sample.down() == 3);
  CHECK(sample.finish().failed_requests == 5);
}

// One call every two minutes: it fails at 120 and 240, is served at 360, and again at 480.
TEST_CASE("silence is no recovery") {
  Sample sample;
  sample.lose(100);
  for (const int second : {120, 240}) sample.second(second, 0, 1);
  for (const int second : {360, 480}) sample.second(second, 1, 0);
  const Findings findings = sample.finish();
  REQUIRE(findings.outages.size() == 1);
  CHECK(findings.outages[0].unavailable == sim::seconds(141));  // from 100 to the end of second 240
}

// Lost at 10, under half served up to 29. Then served up to `last`: at 90 that has held for a minute.
TEST_CASE("an outage is open until calls have been served for a minute") {
  for (const auto& [last, is_open] : {std::pair{29, true}, std::pair{89, true}, std::pair{90, false}}) {
    Sample sample;
    sample.lose(10);
    for (int second = 10; second < 30; ++second) sample.second(second, 0, 1);
    for (int second = 30; second <= last; ++second) sample.second(second, 1, 0);
    const Findings findings = sample.finish();
    INFO(last);
    CHECK(findings.outages[0].unavailable == sim::seconds(20));
    CHECK(findings.outages[0].is_open == is_open);
    CHECK(findings.is_recovery_open == is_open);
  }
}

TEST_CASE("who was never locked out has nothing that is open") {
  Sample sample;
  sample.lose(10);
  sample.second(11, 1, 0);
  CHECK_FALSE(sample.finish().is_recovery_open);
}

TEST_CASE("what no DNS has noticed is charged neither to detection nor to redirection") {
  Sample sample;
  sample.lose(10);
  for (int second = 10; second < 30; ++second) sample.second(second, 0, 1);
  for (int second = 30; second < 120; ++second) sample.second(second, 1, 0);
  const Findings findings = sample.finish();
  REQUIRE(findings.outages.size() == 1);
  CHECK(findings.outages[0].detect.ns == 0);
  CHECK(findings.outages[0].decide.ns == 0);
  CHECK(findings.outages[0].redirect.ns == 0);
  CHECK(findings.outages[0].warm_up == sim::seconds(20));
}

}  // namespace
}  // namespace parallax::audit
