// Decisions against the single copy, from journals written by hand.
#include "models/audit/audit.h"

#include <catch2/catch.hpp>

#include "tests/models/audit/two_nodes.h"

namespace parallax::audit {
namespace {

using domain::ChangeKind;
using domain::ObjectRef;
using domain::Outcome;
using domain::Stage;

constexpr domain::TokenId kToken{0};
constexpr domain::ApiId kApi{0};

class Journal {
 public:
  explicit Journal(std::uint64_t limit = 20) : catalog_{one_of_each(limit)} {}

  void decide(std::int64_t second, domain::NodeId node, Outcome outcome, domain::Version token_version = kFirst) {
    records_.push_back(scribe_.write(
        at(second), domain::RequestDecided{node, kToken, kApi, kSubscription, token_version, kFirst, kFirst, outcome}));
  }
  void put_in_cache_of_b(std::int64_t second) {
    records_.push_back(scribe_.write(
        at(second),
        domain::EntryPut{kCacheB, ObjectRef::of(kToken), 0, kFirst, {Stage::kNone, Stage::kDatabaseRead, at(second)}}));
  }
  void invoke_revocation(std::int64_t second) {
    records_.push_back(
        scribe_.write(at(second), domain::ChangeInvoked{ChangeKind::kTokenRevoked, kA, ObjectRef::of(kToken)}));
    invoked_ = records_.back().id;
  }
  void acknowledge_revocation(std::int64_t second) {
    records_.push_back(scribe_.write(
        at(second),
        domain::ChangeAcknowledged{ChangeKind::kTokenRevoked, kA, ObjectRef::of(kToken), kSecond, at(0), sim::kNever},
        invoked_));
  }
  Findings audit(std::uint64_t listed_a_minute = 0) const {
    Setup setup = two_nodes(catalog_);
    setup.listed_a_minute = listed_a_minute;
    Audit audit{std::move(setup)};
    audit.read(records_);
    return audit.finish(at(1000));
  }

 private:
  domain::Catalog catalog_;
  Scribe scribe_;
  std::vector<sim::Record> records_;
  sim::RecordId invoked_;
};

TEST_CASE("letting a revoked token through is a wrong allow, refusing it is right") {
  Journal journal;
  journal.put_in_cache_of_b(1);
  journal.decide(2, kB, Outcome::kAdmitted);
  journal.invoke_revocation(10);
  journal.acknowledge_revocation(11);
  journal.decide(12, kB, Outcome::kAdmitted);
  journal.decide(70, kB, Outcome::kAdmitted);
  journal.decide(71, kA, Outcome::kTokenInvalid, kSecond);
  const Findings findings = journal.audit();
  CHECK(findings.decisions == 4);
  CHECK(findings.wrong.size() == 1);
  CHECK(findings.wrong.at({DecisionError::kWrongAllow, Why::kTokenRevoked, Stage::kTokenCacheTtl, kB}) == 2);
  CHECK(findings.minutes[1].at(0).wrong_allow == 1);
  CHECK(findings.minutes[1].at(1).wrong_allow == 1);
  CHECK(findings.minutes[0].at(1).requests == 1);
  CHECK(findings.minutes[0].at(1).wrong_deny == 0);
}

// Of the four that are wrong one at 70 s is past what is listed of its minute.
TEST_CASE("wrong decisions are listed as asked for: the first of each minute") {
  Journal journal;
  journal.put_in_cache_of_b(1);
  journal.invoke_revocation(10);
  journal.acknowledge_revocation(11);
  for (const std::int64_t second : {12, 70, 71, 72}) journal.decide(second, kB, Outcome::kAdmitted);
  CHECK(journal.audit().listed.empty());
  const std::vector<WrongDecision> listed = journal.audit(2).listed;
  REQUIRE(listed.size() == 3);
  CHECK(listed[0].time == at(12));
  CHECK(listed[0].error == DecisionError::kWrongAllow);
  CHECK(listed[0].what.node == kB);
  CHECK(listed[1].time == at(70));
  CHECK(listed[2].time == at(71));
}

// A new revision at 10 s; A serves it at once, B from 40 s on. Whoever is let through by B before is served the old
// one.
TEST_CASE("a call that an old revision serves is a wrong variant, and no other error") {
  const domain::Catalog catalog = one_of_each();
  Scribe scribe;
  const ObjectRef api = ObjectRef::of(kApi);
  const domain::Passage here{Stage::kNone, Stage::kDatabaseWrite, at(9)};
  const auto decided = [&](std::int64_t second, domain::NodeId node, domain::Version revision) {
    return scribe.write(at(second), domain::RequestDecided{node, kToken, kApi, kSubscription, kFirst, revision, kFirst,
                                                           Outcome::kAdmitted});
  };
  std::vector<sim::Record> records;
  records.push_back(scribe.write(at(9), domain::ChangeInvoked{ChangeKind::kApiPublished, kA, api}));
  const sim::RecordId invoked = records.back().id;
  records.push_back(scribe.write(at(10), domain::EntryPut{kArtifactsA, api, 0, kSecond, here}, invoked));
  records.push_back(scribe.write(
      at(10), domain::ChangeAcknowledged{ChangeKind::kApiPublished, kA, api, kSecond, at(9), sim::kNever}, invoked));
  const sim::RecordId acknowledged = records.back().id;
  records.push_back(decided(20, kA, kSecond));
  records.push_back(decided(21, kB, kFirst));
  records.push_back(decided(30, kB, kFirst));
  records.push_back(scribe.write(
      at(40), domain::EntryPut{kArtifactsB, api, 0, kSecond, {Stage::kNone, Stage::kDeploymentScan, at(10)}},
      acknowledged));
  records.push_back(decided(41, kB, kSecond));
  Audit audit{two_nodes(catalog)};
  audit.read(records);
  const Findings findings = audit.finish(at(1000));
  CHECK(findings.decisions == 4);
  CHECK(findings.right == 2);
  REQUIRE(findings.wrong.size() == 1);
  CHECK(findings.wrong.at({DecisionError::kWrongVariant, Why::kApiPublished, Stage::kDeploymentScan, kB}) == 2);
  CHECK(findings.minutes[1].at(0).wrong_variant == 2);
  const ErrorFinding& variants = findings.errors[static_cast<std::size_t>(DecisionError::kWrongVariant)];
  CHECK(variants.clients == 1);
  CHECK(variants.spells == 2);  // 21 s and 30 s
}

TEST_CASE("while the revocation is in flight either answer is right") {
  Journal journal;
  journal.put_in_cache_of_b(1);
  journal.invoke_revocation(10);
  journal.decide(11, kB, Outcome::kAdmitted);
  journal.decide(12, kA, Outcome::kTokenInvalid, kSecond);
  journal.acknowledge_revocation(13);
  journal.decide(13, kB, Outcome::kAdmitted);
  const Findings findings = journal.audit();
  CHECK(findings.wrong.empty());
  CHECK(findings.overlapping == 2);  // at 11 s both versions are still one
}

// Limit 2: the third and fourth admissions are one too many each; B has not counted the others'.
TEST_CASE("admissions past the limit are wrong allows, one for each") {
  Journal journal{2};
  journal.decide(1, kA, Outcome::kAdmitted);
  journal.decide(2, kB, Outcome::kAdmitted);
  journal.decide(3, kB, Outcome::kAdmitted);
  journal.decide(4, kA, Outcome::kAdmitted);
  journal.decide(5, kA, Outcome::kQuotaExceeded);
  const Findings findings = journal.audit();
  CHECK(findings.limits.over == 2);
  CHECK(findings.wrong.at({DecisionError::kWrongAllow, Why::kQuota, Stage::kCounterNotShared, kB}) == 1);
  CHECK(findings.wrong.at({DecisionError::kWrongAllow, Why::kQuota, Stage::kCounterNotShared, kA}) == 1);
  CHECK(findings.minutes[0].at(0).refused_quota == 1);
}

TEST_CASE("a refusal for a quota that is not used up is a wrong deny") {
  Journal journal{2};
  journal.decide(1, kA, Outcome::kQuotaExceeded);
  const Findings findings = journal.audit();
  CHECK(findings.wrong.size() == 1);
  CHECK(std::get<DecisionError>(findings.wrong.begin()->first) == DecisionError::kWrongDeny);
  CHECK(std::get<Why>(findings.wrong.begin()->first) == Why::kQuota);
}

// The single copy would refuse the revoked token too, for another reason: refused either way.
TEST_CASE("a refusal for the quota of a token that is revoked is right") {
  Journal journal{2};
  journal.put_in_cache_of_b(1);
  journal.invoke_revocation(10);
  journal.acknowledge_revocation(11);
  journal.decide(12, kB, Outcome::kQuotaExceeded);
  CHECK(journal.audit().wrong.empty());
}

// Limit 1, a revoked token and the limit used up: wrong on two counts, charged once.
TEST_CASE("a decision that is wrong for two reasons is one wrong decision, charged to the quota") {
  Journal journal{1};
  journal.put_in_cache_of_b(1);
  journal.decide(2, kB, Outcome::kAdmitted);
  journal.invoke_revocation(10);
  journal.acknowledge_revocation(11);
  journal.decide(12, kB, Outcome::kAdmitted);
  const Findings findings = journal.audit();
  CHECK(findings.wrong.size() == 1);
  CHECK(std::get<Why>(findings.wrong.begin()->first) == Why::kQuota);
  CHECK(findings.wrong.begin()->second == 1);
  CHECK(findings.minutes[1].at(0).wrong_allow == 1);
}

}  // namespace
}  // namespace parallax::audit
