// Issuer nodes that know nothing of each other on one table, or on tables that are replicated.
#include <catch2/catch.hpp>

#include "models/logic/tokens/memory_token_table.h"
#include "tests/models/logic/tokens/issuing.h"

namespace parallax::logic::tokens {
namespace {

using domain::SiteId;
using domain::TokenId;
using testing::as_in_7901;
using testing::at;
using testing::issue;
using testing::Node;
using testing::refresh_request;
using testing::request;

constexpr IssuingRules kFixed;

// Both begin and read an empty table, then a inserts, then b runs to its end: 1 violation for b.
void meet(Node& a, Node& b, TokenTable& table) {
  for (int step = 0; step < 2; ++step) {
    a.step(table, at(0));
    b.step(table, at(0));
  }
  a.finish(table, at(1));
  b.finish(table, at(2));
}

struct Meeting {
  TokenType first;
  TokenType second;
  TokenType second_gets_as_in_7901;
};
constexpr Meeting kMeetings[] = {
    {TokenType::kOpaque, TokenType::kOpaque, TokenType::kOpaque},
    {TokenType::kJwt, TokenType::kJwt, TokenType::kOpaque},     // "returns an opaque token instead of a JWT token"
    {TokenType::kOpaque, TokenType::kJwt, TokenType::kOpaque},  // the other node's opaque token
    {TokenType::kJwt, TokenType::kOpaque, TokenType::kOpaque},  // the JWT's row: a jti, which no introspection knows
};

TEST_CASE("pa#7901, pa#9924: CON_APP_KEY violation across unclustered nodes; wrong token type returned") {
  for (const Meeting& meeting : kMeetings) {
    MemoryTokenTable table;
    Node a{as_in_7901(), request(meeting.first, 1)};
    Node b{as_in_7901(), request(meeting.second, 2)};
    meet(a, b, table);
    CHECK(b.violations() == 1);
    REQUIRE(b.issued() != nullptr);
    CHECK(b.issued()->row.id == TokenId{1});       // the other node's row
    CHECK(b.issued()->row.type == meeting.first);  // whatever was asked for
    CHECK(b.issued()->handed_out == meeting.second_gets_as_in_7901);
    CHECK(table.size() == 1);
  }
}

TEST_CASE("pa#7901, pa#9924 cured: after a violation every caller gets the type it asked for") {
  for (const Meeting& meeting : kMeetings) {
    MemoryTokenTable table;
    Node a{kFixed, request(meeting.first, 1)};
    Node b{kFixed, request(meeting.second, 2)};
    meet(a, b, table);
    CHECK(b.violations() == 1);
    REQUIRE(b.issued() != nullptr);
    CHECK(b.issued()->handed_out == meeting.second);
    CHECK(b.issued()->row.type == meeting.second);
    const bool is_shared = meeting.first == TokenType::kOpaque && meeting.second == TokenType::kOpaque;
    CHECK(b.issued()->row.id == TokenId{is_shared ? 1U : 2U});
    if (!is_shared) CHECK(table.find(TokenId{1})->state == TokenState::kExpired);
  }
}

TEST_CASE("a JWT that another node expired to make room is not announced: gateways take it until its expiry") {
  MemoryTokenTable table;
  Node a{kFixed, request(TokenType::kJwt, 1)};
  Node b{kFixed, request(TokenType::kJwt, 2)};
  meet(a, b, table);
  CHECK_FALSE(a.issued()->revoked);
  CHECK_FALSE(b.issued()->revoked);
  CHECK(table.find(TokenId{1})->state == TokenState::kExpired);
}

// Row 9 is there; a and b read it, a replaces it and says so; b's replacement is undone, and it makes room for itself.
TEST_CASE("of two nodes that replace one JWT only one announces its revocation") {
  MemoryTokenTable table;
  issue(kFixed, request(TokenType::kJwt, 9), table, at(-1));
  Node a{kFixed, request(TokenType::kJwt, 1)};
  Node b{kFixed, request(TokenType::kJwt, 2)};
  meet(a, b, table);
  REQUIRE(a.issued()->revoked);
  CHECK(a.issued()->revoked->id == TokenId{9});
  CHECK_FALSE(b.issued()->revoked);
  CHECK(table.find(TokenId{9})->state == TokenState::kRevoked);
}

// An owner whose key is taken again by another node before each attempt: 1 + 5 attempts, then it gives up.
TEST_CASE("on violation: up to 5 retries, then the request fails") {
  MemoryTokenTable table;
  Node slow{kFixed, request(TokenType::kJwt, 1'000)};
  std::uint32_t id = 0;
  while (!slow.is_done()) {
    slow.step(table, at(0));
    if (slow.is_done()) break;
    issue(kFixed, request(TokenType::kJwt, ++id), table, at(0));
  }
  CHECK(slow.error() == OAuthError::kServerError);
  CHECK(slow.violations() == 6);
  CHECK(slow.table_steps() == 12);  // a read and a write for each attempt
}

TEST_CASE("of two nodes with one refresh token one is refused") {
  for (const TokenType type : {TokenType::kOpaque, TokenType::kJwt}) {
    MemoryTokenTable table;
    const AccessToken old = issue(kFixed, request(type, 9), table, at(0)).row;
    Node a{kFixed, refresh_request(old, 1)};
    Node b{kFixed, refresh_request(old, 2)};
    meet(a, b, table);
    REQUIRE(a.issued() != nullptr);
    CHECK(b.error() == OAuthError::kInvalidGrant);
  }
}

// With DCID each data center has an ACTIVE row. DC 1's node reads DC 2's, the later one; what is in its way is its own.
TEST_CASE("with DCID in the key, reading the latest row again helps nobody; reading the one in the way does") {
  for (const bool is_cured : {false, true}) {
    MemoryTokenTable table{DataCenterInKey::kYes};
    IssueRequest here = request(TokenType::kJwt, 1);
    IssueRequest there = request(TokenType::kJwt, 2);
    here.data_center = SiteId{1};
    there.data_center = SiteId{2};
    Issuance elsewhere{kFixed, there};
    elsewhere.begin(at(1));
    const AccessToken replicated = std::get<InsertRow>(elsewhere.on_read(std::nullopt, at(1))).row;
    issue(kFixed, here, table, at(0));
    REQUIRE(table.insert(replicated) == Insertion::kInserted);  // side by side

    IssuingRules rules;
    rules.recovery_read = is_cured ? RecoveryRead::kKeyHolder : RecoveryRead::kLatest;
    here.fresh.id = TokenId{3};
    Node node{rules, here};
    node.finish(table, at(2));
    CHECK((node.issued() != nullptr) == is_cured);
    CHECK(node.violations() == (is_cured ? 1 : 6));
    CHECK(table.find(TokenId{2})->state == TokenState::kActive);
    CHECK_FALSE((node.issued() != nullptr && node.issued()->revoked));  // the mark of DC 2's row was undone
  }
}

TEST_CASE("without DCID the second of two replicated ACTIVE rows violates the key, with it both stand") {
  for (const auto in_key : {DataCenterInKey::kNo, DataCenterInKey::kYes}) {
    MemoryTokenTable one{in_key};
    MemoryTokenTable two{in_key};
    IssueRequest request_one = request(TokenType::kOpaque, 1);
    IssueRequest request_two = request(TokenType::kOpaque, 2);
    request_two.data_center = SiteId{1};
    const AccessToken row_one = issue(kFixed, request_one, one, at(0)).row;
    const AccessToken row_two = issue(kFixed, request_two, two, at(0)).row;
    const auto expected = in_key == DataCenterInKey::kYes ? Insertion::kInserted : Insertion::kKeyViolation;
    CHECK(one.insert(row_two) == expected);
    CHECK(two.insert(row_one) == expected);
  }
}

}  // namespace
}  // namespace parallax::logic::tokens
