#include "models/logic/tokens/revoker.h"

#include <catch2/catch.hpp>

#include "models/logic/tokens/memory_token_table.h"
#include "tests/models/logic/tokens/issuing.h"

namespace parallax::logic::tokens {
namespace {

using domain::ClientId;
using domain::TokenId;
using domain::UserId;
using testing::at;
using testing::text;

struct Issuer {
  MemoryTokenTable table;
  RevocationTable revoked;
  Revoker revoker;

  explicit Issuer(const RevokerOptions& options = {}) : revoker{table, revoked, options} {}

  AccessToken issue(TokenType type, std::uint32_t id, ClientId client, UserId user, sim::VirtualTime now = at(0)) {
    IssueRequest request = testing::request(type, id);
    request.key.client = client;
    request.key.user = user;
    return testing::issue({}, request, table, now).row;
  }
  TokenState state(std::uint32_t id) const { return table.find(TokenId{id})->state; }
};

// Gateways that grant 300 s take a token of expiry 3,600 until 3,900; until then it can be taken back.
TEST_CASE("a token can be taken back for as long as a gateway takes it") {
  for (const std::int64_t grace : {0, 300}) {
    Issuer issuer{{RevocationCleanUp::kOn, sim::seconds(grace)}};
    for (const std::uint32_t id : {1U, 2U}) issuer.issue(TokenType::kOpaque, id, ClientId{id}, UserId{3});
    CHECK(issuer.revoker.revoke(TokenId{1}, at(3'600 + grace) - sim::nanoseconds(1)).events.size() == 1);
    CHECK(issuer.revoker.revoke(TokenId{2}, at(3'600 + grace)).events.empty());
    CHECK(issuer.revoked.list().size() == 1);  // and is not cleaned away before
  }
}

TEST_CASE("revoking a token marks its row, writes it down and makes an event, once") {
  Issuer issuer;
  const AccessToken row = issuer.issue(TokenType::kJwt, 1, ClientId{7}, UserId{3});
  const Revocations done = issuer.revoker.revoke(TokenId{1}, at(10));
  const RevocationEvent expected{RevocationKind::kJwt, row.token, ClientId{7}, UserId{3}, at(10), at(3'600)};
  CHECK(done.events == std::vector{expected});
  CHECK(issuer.state(1) == TokenState::kRevoked);
  CHECK(issuer.revoked.list() == std::vector{expected});
  CHECK(issuer.revoker.revoke(TokenId{1}, at(11)).events.empty());
  CHECK(issuer.revoker.revoke(TokenId{99}, at(11)).events.empty());
}

TEST_CASE("revoking a token that has expired ends its refresh token without an event") {
  Issuer issuer;
  issuer.issue(TokenType::kOpaque, 1, ClientId{7}, UserId{3});
  CHECK(issuer.revoker.revoke(TokenId{1}, at(3'600)).events.empty());
  CHECK_FALSE(can_refresh(*issuer.table.find(TokenId{1}), at(3'600)));
}

TEST_CASE("revoking a client is one rule, and an event for each opaque token") {
  Issuer issuer;
  issuer.issue(TokenType::kJwt, 1, ClientId{7}, UserId{3});
  issuer.issue(TokenType::kOpaque, 2, ClientId{7}, UserId{4});
  issuer.issue(TokenType::kOpaque, 3, ClientId{8}, UserId{3});
  const Revocations done = issuer.revoker.revoke_client(ClientId{7}, at(10));
  REQUIRE(done.events.size() == 2);
  CHECK(done.events[0] == RevocationEvent{RevocationKind::kClient, {}, ClientId{7}, UserId{}, at(10), {}});
  CHECK(done.events[1].kind == RevocationKind::kOpaque);
  CHECK(done.events[1].token == text(1'002));
  CHECK(issuer.state(1) == TokenState::kRevoked);
  CHECK(issuer.state(2) == TokenState::kRevoked);
  CHECK(issuer.state(3) == TokenState::kActive);
}

TEST_CASE("revoking a user reaches the tokens of all clients and nobody else's") {
  Issuer issuer;
  issuer.issue(TokenType::kJwt, 1, ClientId{7}, UserId{3});
  issuer.issue(TokenType::kOpaque, 2, ClientId{8}, UserId{3});
  issuer.issue(TokenType::kOpaque, 3, ClientId{8}, UserId{4});
  const Revocations done = issuer.revoker.revoke_user(UserId{3}, at(10));
  CHECK(done.events.size() == 2);
  CHECK(done.events[0].kind == RevocationKind::kUser);
  CHECK(issuer.state(1) == TokenState::kRevoked);
  CHECK(issuer.state(2) == TokenState::kRevoked);
  CHECK(issuer.state(3) == TokenState::kActive);
}

TEST_CASE("a previous JWT that issuing revoked is announced; a row for a refresh token alone has nothing to announce") {
  Issuer issuer;
  issuer.issue(TokenType::kJwt, 1, ClientId{7}, UserId{3});
  IssueRequest next = testing::request(TokenType::kJwt, 2);
  const Issued issued = testing::issue({}, next, issuer.table, at(10));
  REQUIRE(issued.revoked);
  const Revocations done = issuer.revoker.announce(*issued.revoked, at(10));
  REQUIRE(done.events.size() == 1);
  CHECK(done.events[0].token == text(1'001));

  AccessToken unstored = issued.row;
  unstored.token = kNoDigest;
  CHECK(issuer.revoker.announce(unstored, at(10)).events.empty());
}

TEST_CASE("a JWT without a row is revoked by what it says of itself") {
  Issuer issuer;
  const RevocationEvent event{RevocationKind::kJwt, text(5), ClientId{7}, UserId{3}, at(10), at(20)};
  CHECK(issuer.revoker.revoke_jwt(event, at(10)).events == std::vector{event});
  CHECK(issuer.revoker.revoke_jwt(event, at(20)).events.empty());
  CHECK(issuer.revoked.tokens() == 1);
}

// The first expires at 3,600 and is deleted by the revocation of the second, at 3,601.
TEST_CASE("each revocation deletes the rows that have expired, if the switch is on") {
  for (const auto clean_up : {RevocationCleanUp::kOn, RevocationCleanUp::kOff}) {
    Issuer issuer{{clean_up}};
    issuer.issue(TokenType::kJwt, 1, ClientId{7}, UserId{3});
    issuer.revoker.revoke(TokenId{1}, at(10));
    issuer.issue(TokenType::kJwt, 2, ClientId{7}, UserId{3}, at(3'600));
    const Revocations done = issuer.revoker.revoke(TokenId{2}, at(3'601));
    const bool is_on = clean_up == RevocationCleanUp::kOn;
    CHECK(done.deleted == (is_on ? std::vector{text(1'001)} : std::vector<caches::Digest>{}));
    CHECK(issuer.revoked.tokens() == (is_on ? 1U : 2U));
  }
}

}  // namespace
}  // namespace parallax::logic::tokens
