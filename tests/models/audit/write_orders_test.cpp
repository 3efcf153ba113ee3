// In which order two databases take in the writes of one application, worked out by hand.
#include "models/audit/write_orders.h"

#include <catch2/catch.hpp>

#include "tests/models/audit/two_nodes.h"

namespace parallax::audit {
namespace {

using domain::ChangeKind;
using domain::LayerId;
using domain::ObjectRef;
using domain::Outcome;
using domain::TokenId;
using domain::Version;
using Kind = SessionOperation::Kind;

constexpr LayerId kEast = kDatabase;
constexpr LayerId kWest{5};
constexpr TokenId kToken{7};
constexpr domain::ApplicationId kApplication{0};
const ObjectRef kSubscribed = ObjectRef::of(kSubscription);
const ObjectRef kIssued = ObjectRef::of(kToken);

Setup two_databases(const domain::Catalog& catalog) {
  Setup setup = two_nodes(catalog);
  setup.layers = 6;
  setup.replicas = {kEast, kWest};
  setup.replica_groups = {{kEast, kWest}};
  setup.site_of_layer = {{}, {}, {}, {}, sim::SiteId{0}, sim::SiteId{1}};
  return setup;
}

/// The second one is to API 1.
domain::Catalog two_subscriptions() {
  domain::Catalog catalog = one_of_each();
  catalog.subscriptions.push_back({kApplication, domain::ApiId{1}, domain::TierId{0}});
  catalog.applications[0].subscriptions.push_back(domain::SubscriptionId{1});
  return catalog;
}

struct Play {
  void put(LayerId database, ObjectRef object, Version version, std::int64_t second) {
    orders.put({database, object, 0, version, {}}, at(second));
    holdings.put({database, object, 0}, version, {});
  }
  void acknowledge(ChangeKind kind, ObjectRef object, Version version, std::int64_t invoked, std::int64_t second) {
    orders.acknowledged({kind, kA, object, version, at(invoked), sim::kNever, kApplication}, at(second));
  }
  /// In the own database when it is acknowledged.
  void subscribe(LayerId where, std::int64_t second) {
    put(where, kSubscribed, kSecond, second);
    acknowledge(ChangeKind::kSubscriptionAdded, kSubscribed, kSecond, second, second);
  }
  void issue(LayerId where, std::int64_t second) {
    put(where, kIssued, kFirst, second);
    acknowledge(ChangeKind::kTokenIssued, kIssued, kFirst, second, second);
  }
  SessionsFinding finish() {
    Findings findings;
    orders.finish(findings);
    return findings.sessions;
  }
  GuaranteeFinding writes() { return finish().of(Guarantee::kMonotonicWrites); }
  GuaranteeFinding reads() { return finish().of(Guarantee::kWritesFollowReads); }

  domain::Catalog catalog = two_subscriptions();
  Setup setup = two_databases(catalog);
  Holdings holdings{setup};
  WriteOrders orders{setup, holdings};
};

// Subscribed in the east at 1 s, token there at 2 s; the west has the token at 3 s and the subscription at 4 s.
TEST_CASE("a second write that overtakes the first is told where it does") {
  Play play;
  play.subscribe(kEast, 1);
  play.issue(kEast, 2);
  play.put(kWest, kIssued, kFirst, 3);
  play.put(kWest, kSubscribed, kSecond, 4);
  const GuaranteeFinding found = play.writes();
  CHECK(found.broken == 1);
  CHECK(found.looked_at == 2);  // east, where both are, and west
  REQUIRE(found.smallest);
  CHECK(found.smallest->token == kToken);
  CHECK(found.smallest->application == kApplication);
  REQUIRE(found.smallest->operations.size() == 3);
  CHECK(found.smallest->operations[0].object == kSubscribed);
  CHECK(found.smallest->operations[0].version == kSecond);
  CHECK(found.smallest->operations[0].time == at(1));
  CHECK(found.smallest->operations[1].object == kIssued);
  CHECK(found.smallest->operations[1].time == at(2));
  CHECK(found.smallest->operations[2].kind == Kind::kApplied);
  CHECK(found.smallest->operations[2].site == sim::SiteId{1});
  CHECK(found.smallest->operations[2].time == at(3));
  CHECK(found.smallest->span() == sim::seconds(2));
}

TEST_CASE("writes that come in their order, or in one instant, break nothing") {
  Play in_order;
  in_order.subscribe(kEast, 1);
  in_order.issue(kEast, 2);
  in_order.put(kWest, kSubscribed, kSecond, 3);
  in_order.put(kWest, kIssued, kFirst, 4);
  CHECK(in_order.writes().broken == 0);
  CHECK(in_order.writes().looked_at == 2);

  Play at_once;
  at_once.subscribe(kEast, 1);
  at_once.issue(kEast, 2);
  at_once.put(kWest, kIssued, kFirst, 3);
  at_once.put(kWest, kSubscribed, kSecond, 3);
  at_once.put(kWest, kIssued, kSecond, 9);
  CHECK(at_once.writes().broken == 0);
  CHECK(at_once.writes().looked_at == 2);
}

// The token is issued in the west, whose own database does not know the subscription yet.
TEST_CASE("the database where the second write was made may lack the first") {
  Play play;
  play.subscribe(kEast, 1);
  play.issue(kWest, 2);
  play.put(kWest, kSubscribed, kSecond, 3);
  play.put(kEast, kIssued, kFirst, 4);
  const GuaranteeFinding found = play.writes();
  CHECK(found.broken == 1);
  CHECK(found.smallest->operations[2].site == sim::SiteId{1});
  CHECK(found.smallest->operations[2].time == at(2));
}

// Invoked at 1 s and acknowledged at 2 s, while the subscription is acknowledged at 2 s too.
TEST_CASE("writes that overlap, or are everywhere, have no order to keep") {
  Play overlapping;
  overlapping.put(kEast, kSubscribed, kSecond, 1);
  overlapping.acknowledge(ChangeKind::kSubscriptionAdded, kSubscribed, kSecond, 1, 2);
  overlapping.put(kEast, kIssued, kFirst, 1);
  overlapping.acknowledge(ChangeKind::kTokenIssued, kIssued, kFirst, 1, 2);
  overlapping.put(kWest, kIssued, kFirst, 3);
  CHECK(overlapping.writes().looked_at == 0);

  Play everywhere;
  everywhere.subscribe(kEast, 1);
  everywhere.put(kWest, kSubscribed, kSecond, 2);
  everywhere.issue(kEast, 3);
  everywhere.put(kWest, kIssued, kFirst, 4);
  CHECK(everywhere.writes().looked_at == 0);
}

// One subscription at 1 s, another that is acknowledged at the very instant at which the token is asked for: the first
// one is what the token has to follow.
TEST_CASE("a write follows the last one that was acknowledged before it was sent") {
  Play play;
  const ObjectRef other = ObjectRef::of(domain::SubscriptionId{1});
  play.subscribe(kEast, 1);
  play.put(kEast, other, kSecond, 2);
  play.acknowledge(ChangeKind::kSubscriptionAdded, other, kSecond, 2, 2);
  play.issue(kEast, 2);
  play.put(kWest, kIssued, kFirst, 3);
  const GuaranteeFinding found = play.writes();
  CHECK(found.broken == 1);
  CHECK(found.smallest->operations[0].object == kSubscribed);
}

TEST_CASE("databases that are not to hold the same rows keep no order") {
  Play play;
  play.setup.replica_groups.clear();
  WriteOrders orders{play.setup, play.holdings};
  orders.put({kEast, kSubscribed, 0, kSecond, {}}, at(1));
  orders.acknowledged({ChangeKind::kSubscriptionAdded, kA, kSubscribed, kSecond, at(1), {}, kApplication}, at(1));
  Findings findings;
  orders.finish(findings);
  CHECK_FALSE(findings.sessions.has_replicas);
}

// API 1 is published in the east at 1 s; token 7 is answered by it at 2 s and revoked at 3 s. The west knows of the
// revocation at 4 s, and of the API at 5 s.
TEST_CASE("a revocation that comes where what the token had seen is not is told") {
  Play play;
  const ObjectRef api = ObjectRef::of(domain::ApiId{1});
  play.put(kEast, api, kFirst, 1);
  play.orders.decided({kA, kToken, domain::ApiId{1}, kSubscription, kFirst, kFirst, kFirst, Outcome::kAdmitted}, at(2));
  play.put(kEast, kIssued, kSecond, 3);
  play.acknowledge(ChangeKind::kTokenRevoked, kIssued, kSecond, 3, 3);
  play.put(kWest, kIssued, kSecond, 4);
  play.put(kWest, api, kFirst, 5);
  const GuaranteeFinding found = play.reads();
  CHECK(found.broken == 1);
  CHECK(found.looked_at == 2);
  REQUIRE(found.smallest);
  CHECK(found.smallest->token == kToken);
  CHECK(found.smallest->operations[0].kind == Kind::kRead);
  CHECK(found.smallest->operations[0].object == api);
  CHECK(found.smallest->operations[0].time == at(2));
  CHECK(found.smallest->operations[1].change == ChangeKind::kTokenRevoked);
  CHECK(found.smallest->operations[2].time == at(4));
}

// Seen when the west had it too; and seen on an older version than the news.
TEST_CASE("what every database has, or what was not new, is no reason to wait") {
  Play play;
  const ObjectRef api = ObjectRef::of(domain::ApiId{0});
  const auto see = [&](Version version, std::int64_t second) {
    play.orders.decided({kA, kToken, domain::ApiId{0}, kSubscription, kFirst, version, kFirst, Outcome::kAdmitted},
                        at(second));
  };
  play.put(kEast, api, kSecond, 1);
  see(kFirst, 2);
  play.put(kWest, api, kSecond, 3);
  see(kSecond, 4);
  play.put(kEast, kIssued, kSecond, 5);
  play.acknowledge(ChangeKind::kTokenRevoked, kIssued, kSecond, 5, 5);
  play.put(kWest, kIssued, kSecond, 6);
  CHECK(play.reads().looked_at == 0);
}

// Seen on version 2, which the west lacks, and then at another gateway on version 1: that is no news.
TEST_CASE("a look at an older version is not the last of what was new") {
  Play play;
  const ObjectRef api = ObjectRef::of(domain::ApiId{0});
  play.put(kEast, api, kSecond, 1);
  for (const auto& [version, second] : {std::pair{kSecond, 2}, std::pair{kFirst, 3}}) {
    play.orders.decided({kA, kToken, domain::ApiId{0}, kSubscription, kFirst, version, kFirst, Outcome::kAdmitted},
                        at(second));
  }
  play.put(kEast, kIssued, kSecond, 5);
  play.acknowledge(ChangeKind::kTokenRevoked, kIssued, kSecond, 5, 5);
  play.put(kWest, kIssued, kSecond, 6);
  CHECK(play.reads().broken == 1);
}

// Whoever of the application saw it: its next subscription follows. A first look after the write was sent does not.
TEST_CASE("an application's change follows what its users had seen before it was sent") {
  const auto broken_if_seen_at = [](std::int64_t second) {
    Play play;
    const ObjectRef api = ObjectRef::of(domain::ApiId{1});
    play.put(kEast, api, kFirst, 1);
    const auto see = [&] {
      play.orders.decided({kA, kToken, domain::ApiId{1}, kSubscription, kFirst, kFirst, kFirst, Outcome::kAdmitted},
                          at(second));
    };
    if (second < 3) see();
    play.put(kEast, kSubscribed, kSecond, 3);
    if (second >= 3) see();
    play.acknowledge(ChangeKind::kSubscriptionBlocked, kSubscribed, kSecond, 3, 4);
    play.put(kWest, kSubscribed, kSecond, 5);
    const GuaranteeFinding found = play.reads();
    if (found.smallest) CHECK_FALSE(found.smallest->token);
    return found.broken;
  };
  CHECK(broken_if_seen_at(2) == 1);
  CHECK(broken_if_seen_at(3) == 0);
}

}  // namespace
}  // namespace parallax::audit
