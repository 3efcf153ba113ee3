#include "models/propagation/statements.h"

#include <catch2/catch.hpp>

#include "models/logic/tokens/access_token.h"
#include "tests/models/propagation/schema/catalog.h"
#include "tests/support/checked_property.h"

namespace parallax::propagation {
namespace {

using domain::ApiId;
using domain::ObjectRef;
using domain::Standing;
using domain::SubscriptionId;
using domain::TokenId;
using domain::Version;
using parallax::testing::pick;
using store::kDefault;
using store::Refusal;
using store::Slot;
using store::Transaction;
using store::Value;
using testing::kSite;
using testing::SmallWorld;

sim::VirtualTime at(int second) { return sim::VirtualTime{} + sim::seconds(second); }

/// One statement in a transaction of its own, committed unless it is refused.
template <typename Statement>
Refusal now(Database& database, const Statement& statement) {
  Transaction transaction = database.replica().begin();
  const Refusal refusal = statement(transaction);
  if (refusal == Refusal::kNone) database.commit(transaction, {}, {});
  return refusal;
}

struct World : SmallWorld {
  using SmallWorld::SmallWorld;

  Refusal publish(ApiId api) {
    return now(database, [&](Transaction& in) { return publish_api(database, in, api); });
  }
  Refusal remove(ApiId api) {
    return now(database, [&](Transaction& in) { return delete_api(database, in, api); });
  }
  Refusal add(SubscriptionId id, Value number = kDefault) {
    return now(database, [&](Transaction& in) { return add_subscription(database, in, id, number); });
  }
  Refusal block(SubscriptionId id) {
    return now(database, [&](Transaction& in) { return block_subscription(database, in, id); });
  }
  Refusal revoke(TokenId id) {
    return now(database, [&](Transaction& in) { return revoke_token(database, in, id); });
  }
  void clean(sim::VirtualTime instant) {
    now(database, [&](Transaction& in) {
      clean_revoked_tokens(database, in, instant);
      return Refusal::kNone;
    });
  }
  std::size_t size(store::TableId table) const { return database.rows().table(table).size(); }
};

TEST_CASE("an API is published once it is there; one that is not there cannot be") {
  World world;
  CHECK(world.publish(ApiId{1}) == Refusal::kNone);
  CHECK(world.database.api(ApiId{1}).standing == Standing::kActive);
  CHECK(world.database.api(ApiId{1}).version == Version::of(1, kSite));
  CHECK(world.remove(ApiId{1}) == Refusal::kNone);
  CHECK(world.database.api(ApiId{1}).standing == Standing::kAbsent);
  CHECK(world.database.api(ApiId{1}).version == Version::of(2, kSite));
  CHECK(world.publish(ApiId{1}) == Refusal::kNoSuchRow);
  CHECK(world.remove(ApiId{1}) == Refusal::kNoSuchRow);
}

TEST_CASE("with an API its subscriptions go, in rows and in facts") {
  for (const auto children : {schema::Children::kCascade, schema::Children::kTrigger}) {
    World world{DatabaseSpec{.schema = {children, true, {}}}};
    CHECK(world.remove(ApiId{0}) == Refusal::kNone);
    CHECK(world.size(schema::kSubscriptions) == 1);
    CHECK(world.database.subscription(SubscriptionId{0}).standing == Standing::kAbsent);
    CHECK(world.database.subscription(SubscriptionId{0}).version == Version::of(2, kSite));
    CHECK(world.database.subscription(SubscriptionId{2}).standing == Standing::kBlocked);
    CHECK(world.add(SubscriptionId{1}) == Refusal::kNoParent);
  }
}

// Two subscriptions are there at first, so the next number is 3.
TEST_CASE("a subscription takes the sequence's next number or the one given") {
  World world;
  CHECK(world.add(SubscriptionId{1}) == Refusal::kNone);
  CHECK(world.database.subscription(SubscriptionId{1}).standing == Standing::kActive);
  CHECK(world.database.rows().table(schema::kSubscriptions).find(3) != store::kNoSlot);
  CHECK(world.add(SubscriptionId{1}) == Refusal::kDuplicateKey);
  World other;
  CHECK(other.add(SubscriptionId{1}, 2) == Refusal::kDuplicateKey);
  CHECK(other.add(SubscriptionId{1}, 77) == Refusal::kNone);
  CHECK(other.database.rows().table(schema::kSubscriptions).find(77) != store::kNoSlot);
}

TEST_CASE("a subscription that is not there cannot be blocked") {
  World world;
  CHECK(world.block(SubscriptionId{0}) == Refusal::kNone);
  CHECK(world.database.subscription(SubscriptionId{0}).standing == Standing::kBlocked);
  CHECK(world.block(SubscriptionId{1}) == Refusal::kNoSuchRow);
}

// The tokens expire at 100 and 200 s; a row goes once its expiry is past, not at it.
TEST_CASE("a revoked token is listed until it would have expired") {
  for (const char* without : {"", "IDN_OAUTH2_ACCESS_TOKEN"}) {
    World world{DatabaseSpec{.schema = {schema::Children::kTrigger, true, {without}}}};
    CHECK(world.revoke(TokenId{0}) == Refusal::kNone);
    CHECK(world.revoke(TokenId{1}) == Refusal::kNone);
    CHECK(world.database.token(TokenId{0}).standing == Standing::kBlocked);
    CHECK(world.database.token(TokenId{0}).version == Version::of(2, kSite));
    CHECK(world.size(schema::kRevokedTokens) == 2);
    CHECK(world.revoke(TokenId{0}) == Refusal::kNone);  // again: it is on the list already
    CHECK(world.size(schema::kRevokedTokens) == 2);
    CHECK(world.revoke(TokenId{7}) == Refusal::kNoSuchRow);
    world.clean(at(100));
    CHECK(world.size(schema::kRevokedTokens) == 2);
    world.clean(at(100) + sim::nanoseconds(1));
    CHECK(world.size(schema::kRevokedTokens) == 1);
    world.clean(sim::kNever);
    CHECK(world.size(schema::kRevokedTokens) == 0);
  }
}

TEST_CASE("a developer signs in for the first time once") {
  World world;
  const auto sign_in = [&](domain::UserId user) {
    return now(world.database, [&](Transaction& in) { return add_subscriber(world.database, in, user); });
  };
  CHECK(sign_in(domain::UserId{50}) == Refusal::kNone);
  CHECK(sign_in(domain::UserId{50}) == Refusal::kDuplicateKey);
  CHECK(world.database.rows().table(schema::kSubscribers).find(3) != store::kNoSlot);
}

TEST_CASE("a table that was created without keys is searched") {
  World world{DatabaseSpec{.schema = {schema::Children::kTrigger, true, {"AM_API", "AM_SUBSCRIPTION"}}}};
  CHECK(world.publish(ApiId{1}) == Refusal::kNone);
  CHECK(world.add(SubscriptionId{1}) == Refusal::kNone);
  CHECK(world.add(SubscriptionId{1}) == Refusal::kNone);  // twice
  CHECK(world.block(SubscriptionId{1}) == Refusal::kNone);
  CHECK(world.remove(ApiId{1}) == Refusal::kNone);
  CHECK(world.publish(ApiId{1}) == Refusal::kNoSuchRow);
}

TEST_CASE("after the disk was lost all is as at the start") {
  World world;
  world.revoke(TokenId{0});
  world.remove(ApiId{0});
  world.add(SubscriptionId{1});
  world.database.wipe({});
  CHECK(world.database.api(ApiId{0}).version == domain::initial_version(Standing::kActive));
  CHECK(world.database.token(TokenId{0}).standing == Standing::kActive);
  CHECK(world.size(schema::kRevokedTokens) == 0);
  CHECK(world.size(schema::kSubscriptions) == 2);
  CHECK(world.revoke(TokenId{0}) == Refusal::kNone);
}

// By the rows alone.
struct Expected {
  Standing standing{Standing::kAbsent};
  Version version;
};

Expected expected(const Database& database, store::TableId table, store::Column id_column, Value id,
                  store::Column standing) {
  const store::Table& rows = database.rows().table(table);
  for (std::size_t i = 0; i < rows.slots(); ++i) {
    const auto slot = static_cast<Slot>(i);
    if (!rows.written(slot).exists || rows.values(slot)[id_column] != id) continue;
    return {static_cast<Standing>(rows.values(slot)[standing]), rows.written(slot).version};
  }
  return {};
}

TEST_CASE("facts are what the rows say, after any statements") {
  parallax::testing::check("facts against rows", 200, [] {
    World world;
    for (int i = 0; i < 30; ++i) {
      const ApiId api{pick(0U, 3U)};
      const SubscriptionId subscription{pick(0U, 3U)};
      switch (pick(0, 6)) {
        case 0:
          world.publish(api);
          break;
        case 1:
          if (pick(0, 4) == 0) world.remove(api);
          break;
        case 2:
          world.block(subscription);
          break;
        case 3:
          world.revoke(TokenId{pick(0U, 3U)});
          break;
        default:
          world.add(subscription);
      }
      for (std::uint32_t n = 0; n < 3; ++n) {
        const auto& facts = world.database.api(ApiId{n});
        const Expected row = expected(world.database, schema::kApis, schema::api::kUuid, n, schema::api::kStatus);
        RC_ASSERT(facts.standing == row.standing);
        if (row.version != Version{}) RC_ASSERT(facts.version == row.version);
        const auto& other = world.database.subscription(SubscriptionId{n});
        const Expected its = expected(world.database, schema::kSubscriptions, schema::subscription::kUuid, n,
                                      schema::subscription::kStatus);
        RC_ASSERT(other.standing == its.standing);
        if (its.version != Version{}) RC_ASSERT(other.version == its.version);
      }
    }
  });
}

}  // namespace
}  // namespace parallax::propagation
