#include "models/logic/tokens/revoked_map.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <optional>

#include "models/logic/tokens/gateway_timers.h"
#include "models/logic/tokens/revocation_receiver.h"
#include "tests/models/logic/tokens/issuing.h"
#include "tests/support/allocations.h"
#include "tests/support/checked_property.h"

namespace parallax::logic::tokens {
namespace {

using domain::ClientId;
using domain::UserId;
using parallax::testing::pick;
using testing::at;
using testing::kTick;
using testing::text;

RevocationEvent jwt(std::uint64_t number, std::int64_t expires) {
  return {.kind = RevocationKind::kJwt, .token = text(number), .revoked = at(0), .expires = at(expires)};
}

Claims claims(sim::VirtualTime issued, UserType type = UserType::kApplicationUser) {
  return {text(1), ClientId{7}, UserId{3}, type, issued};
}

TEST_CASE("a token of another id is not refused") {
  RevokedMap map;
  map.add_token(text(2), at(10));
  CHECK(map.revoked_by(claims(at(0))) == RevokedBy::kNone);
  map.add_token(text(1), at(10));
  CHECK(map.revoked_by(claims(at(0))) == RevokedBy::kToken);
}

TEST_CASE("an entry stays until the cleaner comes after its expiry") {
  RevokedMap map;
  map.add_token(text(1), at(10));
  CHECK(map.clean(at(10)) == 0);
  CHECK(map.has_token(text(1)));
  CHECK(map.clean(at(10) + kTick) == 1);
  CHECK_FALSE(map.has_token(text(1)));
}

// A validator that grants 300 s takes a token of expiry 10 until 310; the cleaner must not come between.
TEST_CASE("a grace beyond the expiry is the cleaner's, too, or a revoked JWT comes back to life") {
  RevokedMap careless;
  RevokedMap careful{{.kept_past_expiry = sim::seconds(300)}};
  for (RevokedMap* map : {&careless, &careful}) {
    map->add_token(text(1), at(10));
    map->clean(at(310));
  }
  CHECK_FALSE(careless.has_token(text(1)));
  CHECK(careful.has_token(text(1)));
  CHECK(careful.clean(at(310) + kTick) == 1);
}

// Issuers write the greatest number for "no expiry", and with a grace beyond it the sum would wrap.
TEST_CASE("a revoked token that never expires is never cleaned away, grace or not") {
  for (const sim::Duration grace : {sim::Duration{}, sim::seconds(300)}) {
    RevokedMap map{{.kept_past_expiry = grace}};
    map.add_token(text(1), sim::kNever);
    CHECK(map.clean(at(1'000'000'000)) == 0);
    CHECK(map.has_token(text(1)));
  }
}

TEST_CASE("a rule refuses what was issued before its instant, not at it") {
  struct Row {
    void (*add)(RevokedMap&);
    UserType type;
    RevokedBy before;
  };
  const Row rows[] = {
      {[](RevokedMap& map) { map.add_client(ClientId{7}, at(100)); }, UserType::kApplicationUser, RevokedBy::kClient},
      {[](RevokedMap& map) { map.add_client(ClientId{7}, at(100)); }, UserType::kApplication, RevokedBy::kClient},
      {[](RevokedMap& map) { map.add_client_itself(ClientId{7}, at(100)); }, UserType::kApplication,
       RevokedBy::kClientItself},
      {[](RevokedMap& map) { map.add_client_itself(ClientId{7}, at(100)); }, UserType::kApplicationUser,
       RevokedBy::kNone},
      {[](RevokedMap& map) { map.add_user(UserId{3}, at(100)); }, UserType::kApplicationUser, RevokedBy::kUser},
      {[](RevokedMap& map) { map.add_user(UserId{3}, at(100)); }, UserType::kApplication, RevokedBy::kNone},
      {[](RevokedMap& map) { map.add_client(ClientId{8}, at(100)); }, UserType::kApplicationUser, RevokedBy::kNone},
      {[](RevokedMap& map) { map.add_user(UserId{4}, at(100)); }, UserType::kApplicationUser, RevokedBy::kNone},
  };
  for (const Row& row : rows) {
    RevokedMap map;
    row.add(map);
    CHECK(map.revoked_by(claims(at(100) - kTick, row.type)) == row.before);
    CHECK(map.revoked_by(claims(at(100), row.type)) == RevokedBy::kNone);
  }
}

// Issued at 100.7, revoked at 100.3: iat says 100, which is before.
TEST_CASE("iat in whole seconds: a token issued after the revocation in the same second is refused") {
  RevokedMap map;
  map.add_client(ClientId{7}, at(100) + sim::milliseconds(300));
  const sim::VirtualTime iat = sim::floor_to(at(100) + sim::milliseconds(700), sim::seconds(1));
  CHECK(map.revoked_by(claims(iat)) == RevokedBy::kClient);
}

TEST_CASE("an older rule that comes later changes nothing") {
  RevokedMap map;
  map.add_user(UserId{3}, at(100));
  map.add_user(UserId{3}, at(50));
  CHECK(map.revoked_by(claims(at(70))) == RevokedBy::kUser);
}

TEST_CASE("what a gateway does with an event depends on what it has cached only for opaque tokens") {
  struct Row {
    RevocationKind kind;
    Cached cached;
    CacheAction action;
  };
  for (const Row& row : {Row{RevocationKind::kJwt, Cached::kNo, CacheAction::kEvict},
                         Row{RevocationKind::kJwt, Cached::kYes, CacheAction::kEvict},
                         Row{RevocationKind::kOpaque, Cached::kYes, CacheAction::kMoveToInvalid},
                         Row{RevocationKind::kOpaque, Cached::kNo, CacheAction::kNothing},
                         Row{RevocationKind::kClient, Cached::kYes, CacheAction::kNothing},
                         Row{RevocationKind::kClientItself, Cached::kYes, CacheAction::kNothing},
                         Row{RevocationKind::kUser, Cached::kYes, CacheAction::kNothing}}) {
    RevokedMap map;
    const RevocationEvent event{row.kind, text(1), ClientId{7}, UserId{3}, at(100), at(200)};
    CHECK(receive(map, event, row.cached) == row.action);
    const UserType type =
        row.kind == RevocationKind::kClientItself ? UserType::kApplication : UserType::kApplicationUser;
    CHECK((map.revoked_by(claims(at(0), type)) == RevokedBy::kNone) == (row.kind == RevocationKind::kOpaque));
  }
}

TEST_CASE("a pulled list adds to what events said before and takes nothing away") {
  RevokedMap map;
  receive(map, jwt(1, 10), Cached::kNo);
  receive(map, {.kind = RevocationKind::kUser, .token = {}, .user = UserId{3}, .revoked = at(100), .expires = {}},
          Cached::kNo);
  const RevocationEvent stale{
      .kind = RevocationKind::kUser, .token = {}, .user = UserId{3}, .revoked = at(50), .expires = {}};
  const std::vector<RevocationEvent> pulled{jwt(2, 20), stale};
  merge(map, pulled);
  CHECK(map.has_token(text(1)));
  CHECK(map.has_token(text(2)));
  Claims other = claims(at(70));
  other.jti = text(99);
  CHECK(map.revoked_by(other) == RevokedBy::kUser);
}

// Events and pulls in any order and number, the cleaner at any phase: against the list of all that was heard.
TEST_CASE("a revoked JWT is refused from the moment its id is in the map until it expires") {
  parallax::testing::check("revoked map", 300, [] {
    const sim::VirtualTime started = at(pick(0, 3'000));
    RevokedMap map;
    sim::VirtualTime now = started;
    sim::VirtualTime cleaning = next_cleaning({}, started, now);
    std::vector<RevocationEvent> heard;
    for (int i = 0; i < 60; ++i) {
      now = now + sim::seconds(pick(0, 400));
      for (; cleaning <= now; cleaning = next_cleaning({}, started, cleaning)) map.clean(cleaning);
      RevocationEvent event = jwt(pick<std::uint64_t>(0, 20), 0);
      event.expires = now + sim::seconds(pick(1, 4'000));
      const bool is_pulled = pick(0, 2) == 0;
      if (is_pulled) {
        merge(map, std::vector{event});
      } else {
        receive(map, event, Cached::kNo);
      }
      heard.push_back(event);
      for (std::uint64_t token = 0; token < 20; ++token) {
        const bool must = std::any_of(heard.begin(), heard.end(), [&](const RevocationEvent& e) {
          return e.token == text(token) && now < e.expires;
        });
        const bool may =
            std::any_of(heard.begin(), heard.end(), [&](const RevocationEvent& e) { return e.token == text(token); });
        if (must) RC_ASSERT(map.has_token(text(token)));
        if (!may) RC_ASSERT(!map.has_token(text(token)));
      }
      // Nothing outlives its expiry by more than the cleaner's period.
      const sim::VirtualTime swept = now - sim::minutes(45) - sim::seconds(120);
      const auto alive = std::count_if(heard.begin(), heard.end(), [&](const auto& e) { return e.expires >= swept; });
      RC_ASSERT(map.tokens() <= static_cast<std::size_t>(alive));
    }
  });
}

TEST_CASE("looking a JWT up allocates nothing, found or not, with rules or without") {
  RevokedMap map;
  for (std::uint64_t token = 0; token < 1'000; ++token) map.add_token(text(token), at(10));
  map.add_client(ClientId{8}, at(100));
  map.add_client_itself(ClientId{8}, at(100));
  map.add_user(UserId{4}, at(100));
  Claims found = claims(at(0));
  Claims free = claims(at(0));
  free.jti = text(5'000);
  const std::uint64_t before = parallax::testing::allocations();
  int refused = 0;
  for (int i = 0; i < 100; ++i) {
    refused += map.revoked_by(found) != RevokedBy::kNone ? 1 : 0;
    refused += map.revoked_by(free) != RevokedBy::kNone ? 1 : 0;
  }
  const std::uint64_t after = parallax::testing::allocations();
  CHECK(refused == 100);
  CHECK(after == before);
}

}  // namespace
}  // namespace parallax::logic::tokens
