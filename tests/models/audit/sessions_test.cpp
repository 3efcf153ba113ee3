// Sessions of one user against schedules worked out by hand.
#include "models/audit/sessions.h"

#include <catch2/catch.hpp>

#include "tests/models/audit/two_nodes.h"

namespace parallax::audit {
namespace {

using domain::ApiId;
using domain::ChangeKind;
using domain::NodeId;
using domain::ObjectRef;
using domain::Outcome;
using domain::TokenId;
using domain::Version;
using Kind = SessionOperation::Kind;

constexpr ApiId kApi{0};
constexpr ApiId kNewApi{1};
constexpr TokenId kOld{0};    // of the catalog
constexpr TokenId kFresh{7};  // issued in the run
constexpr domain::ApplicationId kApplication{0};
constexpr Version kNone{};
constexpr Version kThird = Version::of(3, sim::SiteId{0});

sim::VirtualTime ms(std::int64_t milliseconds) { return sim::VirtualTime{} + sim::milliseconds(milliseconds); }

struct Play {
  explicit Play(sim::VirtualTime old_expires = sim::kNever) : catalog{one_of_each(20, old_expires)} {}

  void change(ChangeKind kind, ObjectRef object, Version version, sim::VirtualTime when, NodeId writer = kA,
              sim::VirtualTime expires = sim::kNever) {
    sessions.invoked({kind, writer, object});
    sessions.acknowledged({kind, writer, object, version, when, expires, kApplication}, when);
  }
  void issue(sim::VirtualTime when, NodeId writer = kA, sim::VirtualTime expires = sim::kNever) {
    change(ChangeKind::kTokenIssued, ObjectRef::of(kFresh), kFirst, when, writer, expires);
  }
  void revoke(TokenId token, sim::VirtualTime when) {
    change(ChangeKind::kTokenRevoked, ObjectRef::of(token), kSecond, when);
  }
  void decide(NodeId node, TokenId token, Version known, Outcome outcome, sim::VirtualTime when) {
    const bool is_known = known != kNone;
    sessions.decided({node, token, kApi, is_known ? kSubscription : domain::kNoSubscription, known, kFirst,
                      is_known ? kFirst : kNone, outcome},
                     when);
  }
  void admit(NodeId node, TokenId token, Version known, sim::VirtualTime when) {
    decide(node, token, known, Outcome::kAdmitted, when);
  }
  void refuse(NodeId node, TokenId token, Version known, sim::VirtualTime when) {
    decide(node, token, known, Outcome::kTokenInvalid, when);
  }
  /// A call of an API, which alone is looked at.
  void call(NodeId node, ApiId api, Version put_up, sim::VirtualTime when, TokenId token = kOld) {
    const Outcome outcome = put_up == kNone ? Outcome::kApiUnknown : Outcome::kAdmitted;
    sessions.decided({node, token, api, domain::kNoSubscription, kNone, put_up, kNone, outcome}, when);
  }
  SessionsFinding finish() {
    Findings findings;
    sessions.finish(findings);
    return findings.sessions;
  }

  domain::Catalog catalog;
  Setup setup = two_nodes(catalog);
  Holdings holdings{setup};
  Sessions sessions{setup, holdings};
};

std::uint64_t own(const SessionsFinding& found) { return found.of(Guarantee::kReadYourWrites).broken; }
std::uint64_t back(const SessionsFinding& found) { return found.of(Guarantee::kMonotonicReads).broken; }

// Issued at 10.000 s. Unknown at B at 10.200 and 10.500 s, known at 11 s: two calls, of which the earlier is the
// smaller witness, 200 ms against 500. Nobody had seen the token before.
TEST_CASE("a fresh token that another node refuses is an own write not read") {
  Play play;
  play.issue(ms(10'000));
  play.refuse(kB, kFresh, kNone, ms(10'200));
  play.refuse(kB, kFresh, kNone, ms(10'500));
  play.admit(kB, kFresh, kFirst, ms(11'000));
  const SessionsFinding found = play.finish();
  CHECK(own(found) == 2);
  CHECK(back(found) == 0);
  CHECK(found.of(Guarantee::kReadYourWrites).looked_at == 3);
  REQUIRE(found.of(Guarantee::kReadYourWrites).smallest);
  const SessionWitness& witness = *found.of(Guarantee::kReadYourWrites).smallest;
  CHECK(witness.token == kFresh);
  CHECK(witness.application == kApplication);
  REQUIRE(witness.operations.size() == 2);
  CHECK(witness.operations[0].kind == Kind::kWrote);
  CHECK(witness.operations[0].change == ChangeKind::kTokenIssued);
  CHECK(witness.operations[0].node == kA);
  CHECK(witness.operations[0].time == ms(10'000));
  CHECK(witness.operations[0].version == kFirst);
  CHECK(witness.operations[1].kind == Kind::kRead);
  CHECK(witness.operations[1].node == kB);
  CHECK(witness.operations[1].time == ms(10'200));
  CHECK(witness.operations[1].version == kNone);
  CHECK(witness.operations[1].outcome == Outcome::kTokenInvalid);
  CHECK(witness.span() == sim::milliseconds(200));
}

// Known at A at 1 s, unknown at B at 2 s: an own write not read, and a step back of 1 s. Once more at 2.5 s, after A at
// 2.2 s: 300 ms, the smaller one.
TEST_CASE("a token that was let through and is refused elsewhere steps back each time") {
  Play play;
  play.issue(ms(500));
  play.admit(kA, kFresh, kFirst, ms(1'000));
  play.refuse(kB, kFresh, kNone, ms(2'000));
  play.admit(kA, kFresh, kFirst, ms(2'200));
  play.refuse(kB, kFresh, kNone, ms(2'500));
  const SessionsFinding found = play.finish();
  CHECK(own(found) == 2);
  CHECK(back(found) == 2);
  const SessionWitness& witness = *found.of(Guarantee::kMonotonicReads).smallest;
  CHECK(witness.operations[0].node == kA);
  CHECK(witness.operations[0].time == ms(2'200));
  CHECK(witness.operations[0].outcome == Outcome::kAdmitted);
  CHECK(witness.operations[1].node == kB);
  CHECK(witness.operations[1].version == kNone);
  CHECK(witness.span() == sim::milliseconds(300));
}

// Revoked at 5 s; B lets it through at 6 s (an own write not read), A refuses it knowing of the revocation at 7 s, B
// lets it through again at 8 s: both.
TEST_CASE("a revoked token that is let through again steps back, one that was never refused does not") {
  Play play;
  play.admit(kB, kOld, kFirst, ms(4'000));
  play.revoke(kOld, ms(5'000));
  play.admit(kB, kOld, kFirst, ms(6'000));
  CHECK(back(play.finish()) == 0);
  Play again;
  again.revoke(kOld, ms(5'000));
  again.admit(kB, kOld, kFirst, ms(6'000));
  again.refuse(kA, kOld, kSecond, ms(7'000));
  again.admit(kB, kOld, kFirst, ms(8'000));
  const SessionsFinding found = again.finish();
  CHECK(own(found) == 2);
  CHECK(back(found) == 1);
  CHECK(found.of(Guarantee::kMonotonicReads).smallest->operations[0].version == kSecond);
}

TEST_CASE("what happens in one instant has no order") {
  Play play;
  play.issue(ms(1'000));
  play.refuse(kB, kFresh, kNone, ms(1'000));
  play.admit(kA, kFresh, kFirst, ms(2'000));
  play.refuse(kB, kFresh, kNone, ms(2'000));
  const SessionsFinding found = play.finish();
  CHECK(own(found) == 1);  // the refusal at 2 s, after the issue at 1 s
  CHECK(back(found) == 0);
}

// Until its acknowledgement nobody can rely on a write; what somebody has seen of it he has seen.
TEST_CASE("a write that is under way is nobody's to read, but a step back behind it counts") {
  Play play;
  play.sessions.invoked({ChangeKind::kTokenRevoked, kA, ObjectRef::of(kOld)});
  play.refuse(kA, kOld, kSecond, ms(1'000));
  play.admit(kB, kOld, kFirst, ms(2'000));
  const SessionsFinding found = play.finish();
  CHECK(own(found) == 0);
  CHECK(back(found) == 1);
}

// API 1: found at A, 404 at B, found at A, 404 at B by another user, who had not found it.
TEST_CASE("an API that a session has found and does not find again is a step back, of that session alone") {
  Play play;
  play.call(kA, kNewApi, kFirst, ms(1'000));
  play.call(kB, kNewApi, kNone, ms(2'000));
  play.call(kA, kNewApi, kFirst, ms(3'000));
  play.call(kB, kNewApi, kNone, ms(4'000), TokenId{3});
  const SessionsFinding found = play.finish();
  CHECK(back(found) == 1);
  CHECK(own(found) == 0);
  const SessionWitness& witness = *found.of(Guarantee::kMonotonicReads).smallest;
  CHECK(witness.operations[1].object == ObjectRef::of(kNewApi));
  CHECK(witness.operations[1].outcome == Outcome::kApiUnknown);
}

// A retired API is gone with a version of its own: 404 by version 2 after an answer by version 1 is no step back; an
// answer by version 1 after it is.
TEST_CASE("an API that is retired is newer than one that answers") {
  Play play;
  play.call(kA, kApi, kFirst, ms(1'000));
  play.call(kA, kApi, kSecond, ms(2'000));
  CHECK(back(play.finish()) == 0);
  play.call(kB, kApi, kFirst, ms(3'000));
  CHECK(back(play.finish()) == 1);
}

// Blocked at 1 s as version 2, which is the write of every user of the application. Token 0 is let through on version 1
// at 2 s, refused on version 2 at 3 s and let through again at 4 s.
TEST_CASE("changes of an application's subscriptions are writes of its users' sessions") {
  Play play;
  play.change(ChangeKind::kSubscriptionBlocked, ObjectRef::of(kSubscription), kSecond, ms(1'000));
  const auto call = [&](Version known, Outcome outcome, sim::VirtualTime when) {
    play.sessions.decided({kB, kOld, kApi, kSubscription, kFirst, kFirst, known, outcome}, when);
  };
  call(kFirst, Outcome::kAdmitted, ms(2'000));
  call(kSecond, Outcome::kSubscriptionBlocked, ms(3'000));
  call(kFirst, Outcome::kAdmitted, ms(4'000));
  const SessionsFinding found = play.finish();
  CHECK(own(found) == 2);
  CHECK(back(found) == 1);
  CHECK(found.of(Guarantee::kReadYourWrites).smallest->operations[0].object == ObjectRef::of(kSubscription));
}

// The gateway does not know it, so it cannot name it either.
TEST_CASE("who is refused for want of a subscription has read that there is none") {
  Play play;
  play.change(ChangeKind::kSubscriptionAdded, ObjectRef::of(kSubscription), kSecond, ms(1'000));
  play.sessions.decided({kB, kOld, kApi, domain::kNoSubscription, kFirst, kFirst, kNone, Outcome::kSubscriptionMissing},
                        ms(2'000));
  CHECK(own(play.finish()) == 1);
}

TEST_CASE("a decision with two facts that are too old is one") {
  Play play;
  play.revoke(kOld, ms(1'000));
  play.change(ChangeKind::kSubscriptionBlocked, ObjectRef::of(kSubscription), kSecond, ms(1'000));
  play.admit(kB, kOld, kFirst, ms(2'000));
  CHECK(own(play.finish()) == 1);
}

TEST_CASE("who could not be asked has said nothing, and an API that is not there hides the token") {
  Play play;
  play.issue(ms(1'000));
  play.decide(kB, kFresh, kNone, Outcome::kValidationUnavailable, ms(2'000));
  play.call(kB, kApi, kNone, ms(3'000), kFresh);
  const SessionsFinding found = play.finish();
  CHECK(own(found) == 0);
  CHECK(found.gaps[0][10].asked + found.gaps[0][11].asked == 0);
}

TEST_CASE("of a token that has expired nothing is read") {
  Play play{ms(3'000)};
  play.revoke(kOld, ms(1'000));
  play.admit(kB, kOld, kFirst, ms(2'999));
  play.admit(kB, kOld, kFirst, ms(3'000));
  CHECK(own(play.finish()) == 1);
}

// It bears version 1 for ever; only B has been told of the revocation, version 2. A refusal by A, which has not, is for
// something else: its expiry by A's clock.
TEST_CASE("who refuses a signed token for its revocation has read that") {
  Play play;
  for (Observer& observer : play.setup.observers) observer.has_signed_tokens = true;
  play.setup.observers[0].chains[0] = {kCacheA};
  play.setup.observers[1].chains[0] = {kCacheB};
  play.revoke(kOld, ms(1'000));
  play.holdings.put({kCacheB, ObjectRef::of(kOld), 0}, kSecond, {});
  play.refuse(kB, kOld, kFirst, ms(2'000));
  play.refuse(kA, kOld, kFirst, ms(3'000));
  SessionsFinding found = play.finish();
  CHECK(own(found) == 0);
  CHECK(back(found) == 0);
  play.admit(kA, kOld, kFirst, ms(4'000));
  found = play.finish();
  CHECK(own(found) == 1);
  CHECK(back(found) == 1);
}

// Of two writes that a node does not know the newer is told.
TEST_CASE("a token issued and revoked is as new as its revocation") {
  Play play;
  play.issue(ms(1'000));
  play.change(ChangeKind::kTokenRevoked, ObjectRef::of(kFresh), kThird, ms(2'000));
  play.refuse(kB, kFresh, kNone, ms(2'500));
  const SessionWitness witness = *play.finish().of(Guarantee::kReadYourWrites).smallest;
  CHECK(witness.operations[0].change == ChangeKind::kTokenRevoked);
  CHECK(witness.operations[0].version == kThird);
}

// Two sites revoke it: the newer version is acknowledged first.
TEST_CASE("of two writes the newer counts, whichever was acknowledged last") {
  Play play;
  play.change(ChangeKind::kTokenRevoked, ObjectRef::of(kOld), kThird, ms(1'000));
  play.change(ChangeKind::kTokenRevoked, ObjectRef::of(kOld), kSecond, ms(2'000));
  play.refuse(kB, kOld, kSecond, ms(3'000));
  CHECK(own(play.finish()) == 1);
}

// Issued by A at 1 s. Bucket k begins at 2^(k-1) ms: 0.5 ms is in 0, 1 ms in 1, 3 ms in 2 (2 to 4), 700 ms in 10 (512
// to 1 024), an hour and a half in the last, 22 (from 2^21 ms, 35 min, on).
TEST_CASE("calls with a fresh token are counted by its age, where it was issued and elsewhere") {
  Play play;
  play.setup.observers[1].site = sim::SiteId{1};
  play.issue(ms(1'000));
  play.refuse(kA, kFresh, kNone, ms(1'000));  // no gap at all
  play.admit(kA, kFresh, kFirst, ms(1'000) + sim::microseconds(500));
  play.refuse(kB, kFresh, kNone, ms(1'001));
  play.refuse(kB, kFresh, kNone, ms(1'003));
  play.admit(kB, kFresh, kFirst, ms(1'003));
  play.admit(kB, kFresh, kFirst, ms(1'700));
  play.admit(kA, kFresh, kFirst, ms(1'000) + sim::minutes(90));
  const SessionsFinding found = play.finish();
  const auto& here = found.gaps[static_cast<std::size_t>(Used::kWhereIssued)];
  const auto& there = found.gaps[static_cast<std::size_t>(Used::kElsewhere)];
  CHECK(here[0].asked == 1);
  CHECK(here[22].asked == 1);
  CHECK(there[1].asked == 1);
  CHECK(there[1].refused == 1);
  CHECK(there[2].asked == 2);
  CHECK(there[2].refused == 1);
  CHECK(there[10].asked == 1);
  CHECK(there[10].refused == 0);
  std::uint64_t all = 0;
  for (const auto& side : found.gaps) {
    for (const GapCount& count : side) all += count.asked;
  }
  CHECK(all == 6);
  CHECK(gap_begin_ns(0) == 0);
  CHECK(gap_begin_ns(1) == 1'000'000);
  CHECK(gap_begin_ns(10) == 512'000'000);
}

// From the invocation on a refusal may be for the revocation.
TEST_CASE("a token that is being revoked or has expired is not counted any more") {
  Play play;
  play.issue(ms(1'000), kA, ms(9'000));
  play.admit(kA, kFresh, kFirst, ms(2'000));
  play.refuse(kA, kFresh, kNone, ms(9'000));
  play.sessions.invoked({ChangeKind::kTokenRevoked, kA, ObjectRef::of(kFresh)});
  play.refuse(kA, kFresh, kSecond, ms(3'000));
  const SessionsFinding found = play.finish();
  std::uint64_t asked = 0;
  for (const GapCount& count : found.gaps[0]) asked += count.asked;
  CHECK(asked == 1);
}

// Version 2: its row was marked when another token took its place. The gateway knows the token very well.
TEST_CASE("a fresh token that is refused for what became of it is not refused as unknown") {
  Play play;
  play.issue(ms(1'000));
  play.refuse(kB, kFresh, kSecond, ms(1'700));
  const GapCount count = play.finish().gaps[0][10];
  CHECK(count.asked == 1);
  CHECK(count.refused == 0);
}

TEST_CASE("a revocation that comes to nothing ends nothing") {
  const auto asked_after = [](domain::Abandoned why) {
    Play play;
    play.issue(ms(1'000));
    play.sessions.invoked({ChangeKind::kTokenRevoked, kA, ObjectRef::of(kFresh)});
    play.admit(kA, kFresh, kFirst, ms(1'700));
    play.sessions.abandoned({ObjectRef::of(kFresh), ChangeKind::kTokenRevoked, why});
    play.admit(kA, kFresh, kFirst, ms(1'800));
    return play.finish().gaps[0][10].asked;
  };
  CHECK(asked_after(domain::Abandoned::kRefused) == 1);
  CHECK(asked_after(domain::Abandoned::kUnknown) == 0);
}

}  // namespace
}  // namespace parallax::audit
