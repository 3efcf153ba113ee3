#include "models/audit/single_copy.h"

#include <catch2/catch.hpp>

#include "tests/models/audit/two_nodes.h"

namespace parallax::audit {
namespace {

using domain::ApiId;
using domain::ChangeKind;
using domain::ObjectRef;
using domain::Outcome;
using domain::RequestDecided;
using domain::TokenId;

constexpr TokenId kToken{0};
constexpr ApiId kApi{0};

RequestDecided decision(TokenId token = kToken, ApiId api = kApi, domain::Version token_version = kFirst) {
  return {kA, token, api, kSubscription, token_version, kFirst, kFirst, Outcome::kAdmitted};
}

domain::ChangeAcknowledged revoked(TokenId token, domain::Version version = kSecond) {
  return {ChangeKind::kTokenRevoked, kA, ObjectRef::of(token), version, at(0), sim::kNever};
}

struct Sample {
  domain::Catalog catalog = one_of_each();
  SingleCopy copy{catalog};
};

TEST_CASE("while a write to one of its facts is in flight a request overlaps it") {
  Sample sample;
  for (const ObjectRef object : {ObjectRef::of(kToken), ObjectRef::of(kApi), ObjectRef::of(kSubscription)}) {
    CHECK_FALSE(sample.copy.overlaps_write(decision(), at(5)));
    sample.copy.invoke({ChangeKind::kTokenRevoked, kA, object});
    CHECK(sample.copy.overlaps_write(decision(), at(5)));
    sample.copy.acknowledge({ChangeKind::kTokenRevoked, kA, object, kSecond, at(0), sim::kNever}, at(4));
  }
}

TEST_CASE("a request in the nanosecond of the acknowledgement overlaps, one nanosecond later it does not") {
  Sample sample;
  sample.copy.invoke({ChangeKind::kTokenRevoked, kA, ObjectRef::of(kToken)});
  sample.copy.acknowledge(revoked(kToken), at(10));
  CHECK(sample.copy.overlaps_write(decision(), at(10)));
  CHECK_FALSE(sample.copy.overlaps_write(decision(), at(10) + sim::nanoseconds(1)));
}

TEST_CASE("of two writes in flight the second keeps overlapping when the first is acknowledged") {
  Sample sample;
  sample.copy.invoke({ChangeKind::kTokenRevoked, kA, ObjectRef::of(kToken)});
  sample.copy.invoke({ChangeKind::kTokenRevoked, kB, ObjectRef::of(kToken)});
  sample.copy.acknowledge(revoked(kToken), at(10));
  CHECK(sample.copy.overlaps_write(decision(), at(11)));
  sample.copy.acknowledge(revoked(kToken, kSecond.next(sim::SiteId{0})), at(12));
  CHECK_FALSE(sample.copy.overlaps_write(decision(), at(13)));
}

TEST_CASE("a write to somebody else's token or API overlaps nothing") {
  Sample sample;
  sample.copy.invoke({ChangeKind::kTokenIssued, kA, ObjectRef::of(TokenId{9})});
  sample.copy.invoke({ChangeKind::kApiPublished, kA, ObjectRef::of(ApiId{1})});
  CHECK_FALSE(sample.copy.overlaps_write(decision(), at(5)));
  CHECK(sample.copy.overlaps_write(decision(TokenId{9}), at(5)));
  CHECK(sample.copy.overlaps_write(decision(kToken, ApiId{1}), at(5)));
}

TEST_CASE("a token that nobody has heard of and a missing subscription overlap nothing") {
  const Sample sample;
  RequestDecided unknown = decision(TokenId{1'000'000});
  unknown.subscription = domain::kNoSubscription;
  CHECK_FALSE(sample.copy.overlaps_write(unknown, at(5)));
}

TEST_CASE("an acknowledged revocation is obeyed, one in flight is not") {
  Sample sample;
  sample.copy.invoke({ChangeKind::kTokenRevoked, kA, ObjectRef::of(kToken)});
  CHECK(sample.copy.judge(kToken, kApi, at(1)).outcome == Outcome::kAdmitted);
  CHECK(sample.copy.same_versions(decision()));
  sample.copy.acknowledge(revoked(kToken), at(10));
  CHECK(sample.copy.judge(kToken, kApi, at(10)).outcome == Outcome::kTokenInvalid);
  CHECK_FALSE(sample.copy.same_versions(decision()));
  CHECK(sample.copy.same_versions(decision(kToken, kApi, kSecond)));
}

TEST_CASE("an issued token brings its application and its expiry") {
  Sample sample;
  const TokenId issued{7};
  CHECK(sample.copy.judge(issued, kApi, at(1)).outcome == Outcome::kTokenInvalid);
  CHECK(sample.copy.judge(issued, kApi, at(1)).subscription == domain::kNoSubscription);
  sample.copy.invoke({ChangeKind::kTokenIssued, kB, ObjectRef::of(issued)});
  sample.copy.acknowledge(
      {ChangeKind::kTokenIssued, kB, ObjectRef::of(issued), kFirst, at(1), at(100), domain::ApplicationId{0}}, at(2));
  CHECK(sample.copy.judge(issued, kApi, at(99)).outcome == Outcome::kAdmitted);
  CHECK(sample.copy.judge(issued, kApi, at(99)).subscription == kSubscription);
  CHECK(sample.copy.judge(issued, kApi, at(100)).outcome == Outcome::kTokenInvalid);
}

TEST_CASE("a published API answers from its acknowledgement on") {
  Sample sample;
  CHECK(sample.copy.judge(kToken, ApiId{1}, at(1)).outcome == Outcome::kApiUnknown);
  sample.copy.invoke({ChangeKind::kApiPublished, kA, ObjectRef::of(ApiId{1})});
  sample.copy.acknowledge({ChangeKind::kApiPublished, kA, ObjectRef::of(ApiId{1}), kFirst, at(1), sim::kNever}, at(2));
  // The application has no subscription to it, which is the next reason to refuse.
  CHECK(sample.copy.judge(kToken, ApiId{1}, at(2)).outcome == Outcome::kSubscriptionMissing);
}

TEST_CASE("an older version that is acknowledged late does not undo a newer one") {
  Sample sample;
  const ObjectRef token = ObjectRef::of(kToken);
  const domain::Version third = kSecond.next(sim::SiteId{0});
  sample.copy.invoke({ChangeKind::kTokenIssued, kA, token});
  sample.copy.invoke({ChangeKind::kTokenRevoked, kB, token});
  sample.copy.acknowledge(revoked(kToken, third), at(10));
  sample.copy.acknowledge({ChangeKind::kTokenIssued, kA, token, kSecond, at(0), sim::kNever}, at(11));
  CHECK(sample.copy.judge(kToken, kApi, at(12)).outcome == Outcome::kTokenInvalid);
}

}  // namespace
}  // namespace parallax::audit
