#include "models/logic/tokens/revocation_table.h"

#include <catch2/catch.hpp>

#include "tests/models/logic/tokens/issuing.h"

namespace parallax::logic::tokens {
namespace {

using testing::at;
using testing::text;
using Deletion = RevocationTable::Deletion;

RevocationEvent jwt(std::uint64_t number, std::int64_t expires) {
  return {.kind = RevocationKind::kJwt, .token = text(number), .revoked = at(0), .expires = at(expires)};
}

RevocationEvent rule(RevocationKind kind, std::uint32_t id, std::int64_t revoked) {
  return {.kind = kind,
          .token = {},
          .client = domain::ClientId{id},
          .user = domain::UserId{id},
          .revoked = at(revoked),
          .expires = {}};
}

TEST_CASE("expired tokens are deleted once their expiry is past, not at it") {
  RevocationTable table;
  for (const auto& event : {jwt(3, 30), jwt(1, 10), jwt(2, 20)}) table.insert(event);
  std::vector<caches::Digest> deleted;
  table.delete_expired(at(10), deleted);
  CHECK(deleted.empty());
  table.delete_expired(at(25), deleted);
  CHECK(deleted == std::vector{text(1), text(2)});
  CHECK(table.list() == std::vector{jwt(3, 30)});
}

TEST_CASE("a token twice is one row of the later expiry") {
  RevocationTable table;
  for (const auto& event : {jwt(1, 20), jwt(1, 10), jwt(1, 30), jwt(1, 30)}) table.insert(event);
  CHECK(table.tokens() == 1);
  CHECK(table.list() == std::vector{jwt(1, 30)});
}

TEST_CASE("rules stay, the latest for each client and user") {
  RevocationTable table;
  table.insert(rule(RevocationKind::kClient, 1, 20));
  table.insert(rule(RevocationKind::kClient, 1, 10));
  table.insert(rule(RevocationKind::kUser, 1, 5));
  table.insert(rule(RevocationKind::kUser, 1, 6));
  std::vector<caches::Digest> deleted;
  table.delete_expired(at(1'000'000), deleted);
  CHECK(table.list() == std::vector{rule(RevocationKind::kClient, 1, 20), rule(RevocationKind::kUser, 1, 6)});
}

// Both data centers hold both rows; each deletes them in passing, and sends its deletes to the other.
TEST_CASE("am#3900: revoked-token cleanup in every DC collides with the replication") {
  for (const bool is_second_off : {false, true}) {
    RevocationTable one;
    RevocationTable two;
    for (RevocationTable* table : {&one, &two}) {
      table->insert(jwt(1, 10));
      table->insert(jwt(2, 20));
    }
    std::vector<caches::Digest> by_one;
    std::vector<caches::Digest> by_two;
    one.delete_expired(at(30), by_one);
    if (!is_second_off) two.delete_expired(at(30), by_two);
    int conflicts = 0;
    for (const auto token : by_one) conflicts += two.erase(token) == Deletion::kNoSuchRow ? 1 : 0;
    for (const auto token : by_two) conflicts += one.erase(token) == Deletion::kNoSuchRow ? 1 : 0;
    CHECK(conflicts == (is_second_off ? 0 : 4));
    CHECK(one.tokens() + two.tokens() == 0);
  }
}

}  // namespace
}  // namespace parallax::logic::tokens
