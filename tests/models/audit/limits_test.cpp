#include "models/audit/limits.h"

#include <catch2/catch.hpp>

#include "tests/models/audit/two_nodes.h"

namespace parallax::audit {
namespace {

using Admission = Limits::Admission;
using Left = Limits::Left;
using domain::Stage;

// Limit 3 a minute; the traffic managers hear of a request 2 s after its decision.
struct Sample {
  domain::Catalog catalog = one_of_each(3);
  Setup setup = two_nodes(catalog, sim::seconds(2));
  Quotas quotas{catalog};
  Limits limits;

  explicit Sample(std::vector<domain::NodeId> cluster = {}) : limits{with(cluster), quotas} {}

  void admit(domain::NodeId node, sim::VirtualTime now, int times = 1) {
    for (int i = 0; i < times; ++i) limits.count(node, kSubscription, now, Admission::kAdmitted);
  }
  void refuse(domain::NodeId node, sim::VirtualTime now) {
    limits.count(node, kSubscription, now, Admission::kRefused);
  }
  Setup& with(const std::vector<domain::NodeId>& cluster) {
    for (Observer& observer : setup.observers) {
      if (!cluster.empty()) observer.counted_with = cluster;
    }
    return setup;
  }
  Findings finish() {
    Findings findings;
    limits.finish(findings);
    return findings;
  }
};

TEST_CASE("the single copy is exhausted once the limit has been admitted, at whichever nodes") {
  Sample sample;
  CHECK(sample.limits.left(kSubscription, at(1)) == Left::kSome);
  sample.admit(kA, at(1), 2);
  CHECK(sample.limits.left(kSubscription, at(1)) == Left::kSome);
  sample.admit(kB, at(2));
  CHECK(sample.limits.left(kSubscription, at(2)) == Left::kNone);
  CHECK(sample.limits.left(kSubscription, at(60) - sim::nanoseconds(1)) == Left::kNone);
  CHECK(sample.limits.left(kSubscription, at(60)) == Left::kSome);  // a new window, on the epoch's edges
}

TEST_CASE("a refused request does not use up the limit") {
  Sample sample;
  for (int i = 0; i < 5; ++i) sample.refuse(kA, at(1));
  CHECK(sample.limits.left(kSubscription, at(1)) == Left::kSome);
}

// Window 1: A admits 3, B admits 3 and refuses 1: demand 7, admitted 6, over 6 - 3 = 3, ratio 6 / 3 = 2.
// Window 2: 3 admitted, the limit. Window 3: 1 admitted. So 3 windows, 1 of them over.
TEST_CASE("over-admission is what was admitted beyond the limit") {
  Sample sample;
  sample.admit(kA, at(1), 3);
  sample.admit(kB, at(2), 3);
  sample.refuse(kB, at(3));
  sample.admit(kB, at(61), 3);
  sample.admit(kA, at(125));
  const Findings findings = sample.finish();
  CHECK(findings.limits.windows == 3);
  CHECK(findings.limits.windows_over == 1);
  CHECK(findings.limits.over == 3);
  CHECK(findings.limits.ratio_max == 2.0);
  REQUIRE(findings.worst_limits.size() == 1);
  const LimitFinding& worst = findings.worst_limits.front();
  CHECK(worst.subscription == kSubscription);
  CHECK(worst.start == at(0));
  CHECK(worst.demand == 7);
  CHECK(worst.admitted == 6);
  CHECK(worst.over == 3);
  CHECK(worst.admitted_by_node == std::vector<std::uint64_t>{3, 3});
  CHECK(worst.refused_by_node == std::vector<std::uint64_t>{0, 1});
}

TEST_CASE("a window in which nothing reached the quota check is no window") {
  Sample sample;
  CHECK(sample.limits.left(kSubscription, at(1)) == Left::kSome);
  sample.admit(kA, at(61));
  CHECK(sample.finish().limits.windows == 1);
}

// 200 429 200 200 429 429 200: two admissions stand right after a refusal.
TEST_CASE("a flip is an admission right after a refusal of the same window") {
  Sample sample;
  sample.admit(kA, at(1));
  sample.refuse(kB, at(2));
  sample.admit(kA, at(3), 2);
  sample.refuse(kB, at(4));
  sample.refuse(kB, at(5));
  sample.admit(kA, at(6));
  sample.refuse(kB, at(59));
  sample.admit(kA, at(60));  // of the next window: no flip
  CHECK(sample.finish().limits.flips == 2);
}

TEST_CASE("while what a node's counter sees is below the limit, the counter is not shared") {
  Sample sample;
  sample.admit(kB, at(1), 3);
  sample.admit(kA, at(1), 2);
  CHECK(sample.limits.cause_at(kA, kSubscription, at(2)) == Stage::kCounterNotShared);
}

// A's own third admission at 1 s is under way until 3 s; from then on only the decision's push can be late.
TEST_CASE("once a node's counter would see the limit, the event is in flight and then the decision") {
  Sample sample;
  sample.admit(kA, at(1), 3);
  CHECK(sample.limits.cause_at(kA, kSubscription, at(1)) == Stage::kEventInFlight);
  CHECK(sample.limits.cause_at(kA, kSubscription, at(3) - sim::nanoseconds(1)) == Stage::kEventInFlight);
  CHECK(sample.limits.cause_at(kA, kSubscription, at(3)) == Stage::kDecisionPush);
  CHECK(sample.limits.cause_at(kB, kSubscription, at(3)) == Stage::kCounterNotShared);
  CHECK(sample.limits.cause_at(kA, kSubscription, at(60)) == Stage::kCounterNotShared);  // a new window
}

TEST_CASE("in a cluster a node's counter sees the admissions of all members") {
  Sample sample{{kA, kB}};
  sample.admit(kB, at(1), 2);
  sample.admit(kA, at(1));
  CHECK(sample.limits.cause_at(kA, kSubscription, at(1)) == Stage::kEventInFlight);
  CHECK(sample.limits.cause_at(kB, kSubscription, at(1)) == Stage::kEventInFlight);
}

// 25 windows with 1, 2, ... 25 over; the 20 worst are those with 25, 24, ... 6.
TEST_CASE("the worst windows are kept, most over first") {
  Sample sample;
  for (int window = 0; window < 25; ++window) sample.admit(kA, at(60 * window), 3 + window + 1);
  const Findings findings = sample.finish();
  REQUIRE(findings.worst_limits.size() == kWorstLimits);
  for (std::size_t i = 0; i < kWorstLimits; ++i) CHECK(findings.worst_limits[i].over == 25 - i);
  CHECK(findings.limits.over == 25 * 26 / 2);
}

TEST_CASE("among windows equally over, the earlier is worse") {
  Sample sample;
  for (int window = 0; window < 25; ++window) sample.admit(kA, at(60 * window), 5);
  const Findings findings = sample.finish();
  REQUIRE(findings.worst_limits.size() == kWorstLimits);
  CHECK(findings.worst_limits.front().start == at(0));
  CHECK(findings.worst_limits.back().start == at(60 * 19));
}

}  // namespace
}  // namespace parallax::audit
