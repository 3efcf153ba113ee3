#include "models/logic/tokens/issuance.h"

#include <catch2/catch.hpp>

#include "models/logic/tokens/memory_token_table.h"
#include "tests/models/logic/tokens/issuing.h"

namespace parallax::logic::tokens {
namespace {

using domain::TokenId;
using testing::at;
using testing::issue;
using testing::kTick;
using testing::Node;
using testing::refresh_request;
using testing::request;
using testing::text;

constexpr IssuingRules kRules;

IssuingRules keeping_previous() {
  IssuingRules rules;
  rules.jwt_renewal = JwtRenewal::kKeepPrevious;
  return rules;
}

IssuingRules unstored() {
  IssuingRules rules;
  rules.jwt_persistence = JwtPersistence::kNotStored;
  return rules;
}

// 3600 s from second 100 is second 3700; a nanosecond before, the token is still good.
TEST_CASE("an opaque token comes back until the nanosecond in which it expires, then a new one") {
  MemoryTokenTable table;
  const Issued first = issue(kRules, request(TokenType::kOpaque, 1), table, at(100));
  CHECK(first.from == IssuedFrom::kNewRow);
  CHECK(first.row.expires == at(3'700));
  const Issued again = issue(kRules, request(TokenType::kOpaque, 2), table, at(3'700) - kTick);
  CHECK(again.from == IssuedFrom::kExistingRow);
  CHECK(again.row == first.row);
  const Issued later = issue(kRules, request(TokenType::kOpaque, 3), table, at(3'700));
  CHECK(later.row.id == TokenId{3});
  CHECK_FALSE(later.revoked);
}

// The refresh token of second 0 lives until 86,400. At 3,600 it moves on with its expiry; at 86,400 it is dead.
TEST_CASE("a token that ran out hands its refresh token on while that is good") {
  MemoryTokenTable table;
  const Issued first = issue(kRules, request(TokenType::kOpaque, 1), table, at(0));
  const Issued second = issue(kRules, request(TokenType::kOpaque, 2), table, at(3'600));
  CHECK(second.row.refresh == first.row.refresh);
  CHECK(second.row.refresh_expires == at(86'400));
  CHECK(table.find(TokenId{1})->state == TokenState::kInactive);
  const Issued third = issue(kRules, request(TokenType::kOpaque, 3), table, at(86'400));
  CHECK(third.row.refresh == text(2'003));
  CHECK(third.row.refresh_expires == at(2 * 86'400));
  CHECK(table.find(TokenId{2})->state == TokenState::kExpired);
}

TEST_CASE("each JWT request revokes the previous token and says so") {
  MemoryTokenTable table;
  const Issued first = issue(kRules, request(TokenType::kJwt, 1), table, at(0));
  CHECK_FALSE(first.revoked);
  const Issued second = issue(kRules, request(TokenType::kJwt, 2), table, at(1));
  CHECK(second.handed_out == TokenType::kJwt);
  REQUIRE(second.revoked);
  CHECK(second.revoked->id == TokenId{1});
  CHECK(table.find(TokenId{1})->state == TokenState::kRevoked);
  CHECK(table.find(TokenId{2})->state == TokenState::kActive);
}

TEST_CASE("a JWT that has expired is replaced without a revocation") {
  MemoryTokenTable table;
  issue(kRules, request(TokenType::kJwt, 1), table, at(0));
  CHECK_FALSE(issue(kRules, request(TokenType::kJwt, 2), table, at(3'600)).revoked);
}

TEST_CASE("renewing without revoking leaves both active, for the grants it is on for") {
  MemoryTokenTable table;
  for (std::uint32_t id = 1; id <= 2; ++id) {
    const Issued issued =
        issue(keeping_previous(), request(TokenType::kJwt, id, Grant::kClientCredentials), table, at(0));
    CHECK_FALSE(issued.revoked);
  }
  CHECK(table.find(TokenId{1})->state == TokenState::kActive);
  CHECK(table.find(TokenId{2})->state == TokenState::kActive);
  issue(keeping_previous(), request(TokenType::kJwt, 3), table, at(0));
  CHECK(issue(keeping_previous(), request(TokenType::kJwt, 4), table, at(1)).revoked->id == TokenId{3});
  // Opaque tokens are shared whatever is on for JWTs.
  IssueRequest opaque = request(TokenType::kOpaque, 5, Grant::kClientCredentials);
  opaque.key.client = domain::ClientId{8};
  issue(keeping_previous(), opaque, table, at(0));
  opaque.fresh.id = TokenId{6};
  CHECK(issue(keeping_previous(), opaque, table, at(1)).row.id == TokenId{5});
}

TEST_CASE("an unstored JWT touches no table unless a refresh token goes with it") {
  Node node{unstored(), request(TokenType::kJwt, 1, Grant::kClientCredentials)};
  MemoryTokenTable table;
  node.finish(table, at(0));
  CHECK(node.table_steps() == 0);
  CHECK(node.issued()->from == IssuedFrom::kNoRow);
  CHECK(table.size() == 0);

  const Issued first = issue(unstored(), request(TokenType::kJwt, 2), table, at(0));
  const Issued second = issue(unstored(), request(TokenType::kJwt, 3), table, at(1));
  CHECK_FALSE(second.revoked);
  CHECK_FALSE(table.find_by_token(text(1'002)));
  CHECK(table.find_by_refresh(text(2'002)) == first.row);
  const Issued refreshed = issue(unstored(), refresh_request(first.row, 4), table, at(2));
  CHECK(refreshed.row.id == TokenId{4});
  CHECK(table.find(TokenId{2})->state == TokenState::kInactive);
}

TEST_CASE("a client that changes its type of token gets the type it has now") {
  MemoryTokenTable table;
  issue(kRules, request(TokenType::kJwt, 1), table, at(0));
  const Issued opaque = issue(kRules, request(TokenType::kOpaque, 2), table, at(1));
  CHECK(opaque.row.type == TokenType::kOpaque);
  CHECK(opaque.revoked->id == TokenId{1});
  const Issued jwt = issue(kRules, request(TokenType::kJwt, 3), table, at(2));
  CHECK(jwt.row.type == TokenType::kJwt);
  CHECK(jwt.revoked->id == TokenId{2});
}

TEST_CASE("owner, user type and scopes each have a token of their own") {
  MemoryTokenTable table;
  const Issued first = issue(kRules, request(TokenType::kOpaque, 1), table, at(0));
  std::uint32_t id = 1;
  for (auto change : {+[](TokenKey& key) { key.client = domain::ClientId{99}; },
                      +[](TokenKey& key) { key.user = domain::UserId{99}; },
                      +[](TokenKey& key) { key.tenant = domain::TenantId{99}; },
                      +[](TokenKey& key) { key.user_type = UserType::kApplication; },
                      +[](TokenKey& key) { key.scope_hash = text(99); }}) {
    IssueRequest other = request(TokenType::kOpaque, ++id);
    change(other.key);
    CHECK(issue(kRules, other, table, at(0)).row.id == TokenId{id});
  }
  CHECK(issue(kRules, request(TokenType::kOpaque, 9), table, at(0)).row.id == first.row.id);
}

TEST_CASE("tokens of applications and of users have validities of their own") {
  IssuingRules rules;
  rules.application_token_validity = sim::seconds(10);
  rules.user_token_validity = sim::seconds(20);
  MemoryTokenTable table;
  CHECK(issue(rules, request(TokenType::kJwt, 1, Grant::kClientCredentials), table, at(0)).row.expires == at(10));
  CHECK(issue(rules, request(TokenType::kJwt, 2), table, at(0)).row.expires == at(20));
}

TEST_CASE("a refresh replaces the token and ends its refresh token; the second one with it is refused") {
  for (const TokenType type : {TokenType::kOpaque, TokenType::kJwt}) {
    MemoryTokenTable table;
    const Issued first = issue(kRules, request(type, 1), table, at(0));
    Node node{kRules, refresh_request(first.row, 2)};
    node.finish(table, at(10));
    REQUIRE(node.issued() != nullptr);
    CHECK(node.issued()->row.refresh == text(2'002));
    CHECK(node.issued()->row.refresh_expires == at(86'410));
    CHECK(node.issued()->revoked->id == TokenId{1});  // it had 3,590 s to live
    CHECK(table.find(TokenId{1})->state == TokenState::kInactive);
    CHECK_FALSE(can_refresh(*table.find_by_refresh(text(2'001)), at(10)));

    Node replay{kRules, refresh_request(first.row, 3)};
    replay.finish(table, at(11));
    CHECK(replay.error() == OAuthError::kInvalidGrant);
  }
}

TEST_CASE("without rotation the refresh token stays, with its first expiry") {
  IssuingRules rules;
  rules.rotation = RefreshRotation::kKept;
  MemoryTokenTable table;
  const Issued first = issue(rules, request(TokenType::kJwt, 1), table, at(0));
  const Issued second = issue(rules, refresh_request(first.row, 2), table, at(10));
  CHECK(second.row.refresh == first.row.refresh);
  CHECK(second.row.refresh_expires == at(86'400));
  CHECK(table.find_by_refresh(first.row.refresh)->id == TokenId{2});
}

TEST_CASE("a refresh after the access token expired takes nothing back") {
  MemoryTokenTable table;
  const Issued first = issue(kRules, request(TokenType::kJwt, 1), table, at(0));
  CHECK_FALSE(issue(kRules, refresh_request(first.row, 2), table, at(3'600)).revoked);
}

}  // namespace
}  // namespace parallax::logic::tokens
