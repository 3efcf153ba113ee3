// Limits that change during the run: who counts by the old one, and what comes of it.
#include <catch2/catch.hpp>

#include "models/audit/audit.h"
#include "tests/models/audit/two_nodes.h"

namespace parallax::audit {
namespace {

using domain::ChangeKind;
using domain::ObjectRef;
using domain::Outcome;
using domain::Stage;

constexpr domain::LayerId kPoliciesA{5};
constexpr domain::LayerId kPoliciesB{6};
constexpr domain::TierId kTier{0};

// Limit 3 a minute, changed at 60 s; a node's traffic manager counts its requests.
class Journal {
 public:
  void decide(std::int64_t second, domain::NodeId node, Outcome outcome) {
    records_.push_back(
        scribe_.write(at(second), domain::RequestDecided{node, domain::TokenId{0}, domain::ApiId{0}, kSubscription,
                                                         kFirst, kFirst, kFirst, outcome}));
  }
  void change_limit(std::int64_t second, std::uint32_t requests) {
    records_.push_back(scribe_.write(
        at(second), domain::ChangeInvoked{ChangeKind::kPolicyChanged, kA, ObjectRef::of(kTier), requests}));
    const sim::RecordId invoked = records_.back().id;
    domain::ChangeAcknowledged change{};
    change.change = ChangeKind::kPolicyChanged;
    change.writer = kA;
    change.object = ObjectRef::of(kTier);
    change.version = kSecond;
    change.invoked = at(second);
    change.expires = sim::kNever;
    change.quota = requests;
    records_.push_back(scribe_.write(at(second), change, invoked));
    acknowledged_ = records_.back().id;
  }
  void learn(std::int64_t second, domain::LayerId policies, domain::Version version) {
    records_.push_back(scribe_.write(
        at(second),
        domain::EntryPut{policies, ObjectRef::of(kTier), 0, version, {Stage::kNone, Stage::kBroker, at(60)}},
        acknowledged_));
  }
  Findings audit() const {
    Setup setup = two_nodes(catalog_);
    setup.layers = 7;
    setup.is_loaded = {0, 0, 0, 0, 0, 1, 1};
    for (const domain::NodeId node : {kA, kB}) {
      Observer& observer = setup.observers[domain::index(node)];
      observer.chains[static_cast<std::size_t>(domain::ObjectKind::kPolicy)] = {node == kA ? kPoliciesA : kPoliciesB};
      observer.counted_by = {node};
    }
    Audit audit{setup};
    audit.read(records_);
    return audit.finish(at(1000));
  }

 private:
  domain::Catalog catalog_ = one_of_each(3);
  Scribe scribe_;
  std::vector<sim::Record> records_;
  sim::RecordId acknowledged_;
};

// From 3 to 1 at 60 s. B's manager learns of it at 100 s: its second and third request of that minute are past the
// limit, and right by the old one; so is the second, but not the fourth, of 4: that one the old limit would refuse too.
TEST_CASE("what the old limit would let through is charged to the change that its counter has not heard of") {
  Journal journal;
  journal.change_limit(60, 1);
  journal.learn(60, kPoliciesA, kSecond);
  for (const std::int64_t second : {70, 71, 72, 73}) journal.decide(second, kB, Outcome::kAdmitted);
  journal.learn(100, kPoliciesB, kSecond);
  const Findings findings = journal.audit();
  CHECK(findings.wrong.at({DecisionError::kWrongAllow, Why::kPolicyChanged, Stage::kBroker, kB}) == 2);
  std::uint64_t by_quota = 0;
  for (const auto& [key, count] : findings.wrong) by_quota += std::get<Why>(key) == Why::kQuota ? count : 0;
  CHECK(by_quota == 1);
  CHECK(findings.limits.over == 3);
  REQUIRE(findings.worst_limits.size() == 1);
  CHECK(findings.worst_limits.front().limit == 1);
}

// From 3 to 5 at 60 s: the fourth and fifth of that minute are in order, and refused by the old limit.
TEST_CASE("what the old limit refuses and the new lets through is wrong") {
  Journal journal;
  journal.change_limit(60, 5);
  journal.learn(60, kPoliciesA, kSecond);
  for (const std::int64_t second : {70, 71, 72}) journal.decide(second, kB, Outcome::kAdmitted);
  journal.decide(73, kB, Outcome::kQuotaExceeded);
  journal.learn(100, kPoliciesB, kSecond);
  const Findings findings = journal.audit();
  CHECK(findings.wrong.at({DecisionError::kWrongDeny, Why::kPolicyChanged, Stage::kBroker, kB}) == 1);
  CHECK(findings.limits.over == 0);
}

// Lowered in the middle of a minute: what was let through before is in order.
TEST_CASE("only what is let through after the limit then in force is over it") {
  Journal journal;
  journal.decide(61, kA, Outcome::kAdmitted);
  journal.decide(62, kA, Outcome::kAdmitted);
  journal.change_limit(70, 1);
  journal.learn(70, kPoliciesA, kSecond);
  journal.learn(70, kPoliciesB, kSecond);
  journal.decide(71, kA, Outcome::kQuotaExceeded);
  const Findings findings = journal.audit();
  CHECK(findings.limits.over == 0);
  CHECK(findings.wrong.empty());
}

// Two were let through when the limit was cut from 3 to 1; a third is one too many, of which the counter has known
// since it counts by the new limit.
TEST_CASE("a limit that is cut below what was let through leaves nothing, and figures of its window agree") {
  Journal journal;
  journal.change_limit(60, 2);
  journal.learn(60, kPoliciesA, kSecond);
  journal.learn(60, kPoliciesB, kSecond);
  for (const std::int64_t second : {61, 62, 63}) journal.decide(second, kA, Outcome::kAdmitted);
  const Findings findings = journal.audit();
  CHECK(findings.limits.over == 1);
  CHECK(findings.limits.ratio_max == 1.5);
  REQUIRE(findings.worst_limits.size() == 1);
  CHECK(findings.worst_limits.front().limit == 2);
  CHECK(findings.worst_limits.front().admitted == 3);
  CHECK(findings.wrong.count({DecisionError::kWrongAllow, Why::kQuota, Stage::kCounterNotShared, kA}) == 0);
}

TEST_CASE("what was in order before a limit was cut counts as in order, and the counter as having seen it") {
  Journal journal;
  journal.decide(61, kA, Outcome::kAdmitted);
  journal.decide(62, kA, Outcome::kAdmitted);
  journal.change_limit(65, 1);
  journal.learn(65, kPoliciesA, kSecond);
  journal.learn(65, kPoliciesB, kSecond);
  journal.decide(66, kA, Outcome::kAdmitted);
  const Findings findings = journal.audit();
  CHECK(findings.limits.over == 1);
  CHECK(findings.limits.ratio_max == 1.5);
  CHECK(findings.worst_limits.front().limit == 2);
  CHECK(findings.wrong.at({DecisionError::kWrongAllow, Why::kQuota, Stage::kDecisionPush, kA}) == 1);
}

// Asked at 65 s and answered with what had been before: that is what keeps it, to the end at 1000 s.
TEST_CASE("a window that stays open for an old answer says so from then on") {
  Journal journal;
  journal.change_limit(60, 1);
  journal.learn(60, kPoliciesA, kSecond);
  journal.learn(65, kPoliciesB, kFirst);
  for (const WindowFinding& window : journal.audit().windows) {
    if (window.observer != kB) continue;
    CHECK(window.ending == Ending::kCensored);
    CHECK(window.length == sim::seconds(940));
    REQUIRE(window.pieces.size() == 2);
    CHECK(window.pieces[0].stage == Stage::kBroker);
    CHECK(window.pieces[0].length == sim::seconds(5));
    CHECK(window.pieces[1].stage == Stage::kStaleRecache);
  }
}

}  // namespace
}  // namespace parallax::audit
