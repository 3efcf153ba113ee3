#include "models/logic/tokens/authorization_codes.h"

#include <algorithm>
#include <catch2/catch.hpp>

#include "models/logic/tokens/memory_token_table.h"
#include "models/logic/tokens/revoker.h"
#include "tests/models/logic/tokens/issuing.h"
#include "tests/support/checked_property.h"

namespace parallax::logic::tokens {
namespace {

using domain::ClientId;
using domain::TokenId;
using parallax::testing::pick;
using testing::at;
using testing::kTick;
using testing::text;

const caches::Digest kCode = text(1);
const caches::Digest kUri = text(2);
const CodeGrant kGrant{ClientId{7}, kUri, domain::UserId{3}, kNoScopes};

AuthorizationCodes with_code(sim::VirtualTime now = at(0)) {
  AuthorizationCodes codes;
  codes.add(kCode, kGrant, now);
  return codes;
}

TEST_CASE("a code is good for 300 s, to the nanosecond") {
  AuthorizationCodes in_time = with_code();
  const Redemption redeemed = in_time.redeem(kCode, ClientId{7}, kUri, at(300) - kTick);
  CHECK(redeemed.error == OAuthError::kNone);
  CHECK(redeemed.grant == kGrant);
  AuthorizationCodes late = with_code();
  CHECK(late.redeem(kCode, ClientId{7}, kUri, at(300)).error == OAuthError::kInvalidGrant);
}

TEST_CASE("a code is bound to its client and redirection URI; a wrong attempt does not use it up") {
  AuthorizationCodes codes = with_code();
  CHECK(codes.redeem(kCode, ClientId{8}, kUri, at(1)).error == OAuthError::kInvalidGrant);
  CHECK(codes.redeem(kCode, ClientId{7}, text(9), at(1)).error == OAuthError::kInvalidGrant);
  CHECK(codes.redeem(text(9), ClientId{7}, kUri, at(1)).error == OAuthError::kInvalidGrant);
  CHECK(codes.redeem(kCode, ClientId{7}, kUri, at(1)).error == OAuthError::kNone);
}

TEST_CASE("a second use is refused and names the token to revoke, whoever makes it and however late") {
  AuthorizationCodes codes = with_code();
  codes.redeem(kCode, ClientId{7}, kUri, at(1));
  CHECK(codes.bind(kCode, TokenId{5}) == Binding::kBound);
  for (const ClientId client : {ClientId{7}, ClientId{8}}) {
    const Redemption again = codes.redeem(kCode, client, kUri, at(80'000));
    CHECK(again.error == OAuthError::kInvalidGrant);
    CHECK(again.to_revoke == TokenId{5});
  }
}

TEST_CASE("a second use while the token is on its way takes it back on arrival") {
  AuthorizationCodes codes = with_code();
  codes.redeem(kCode, ClientId{7}, kUri, at(1));
  CHECK(codes.redeem(kCode, ClientId{7}, kUri, at(1)).to_revoke == kNoToken);
  CHECK(codes.bind(kCode, TokenId{5}) == Binding::kRevokeIt);
}

TEST_CASE("after refreshes a second use names the token of today") {
  AuthorizationCodes codes = with_code();
  codes.redeem(kCode, ClientId{7}, kUri, at(1));
  codes.bind(kCode, TokenId{5});
  codes.renewed(TokenId{5}, TokenId{6}, at(2));
  codes.renewed(TokenId{6}, TokenId{7}, at(3));
  codes.renewed(TokenId{100}, TokenId{101}, at(3));  // not of a code
  CHECK(codes.redeem(kCode, ClientId{7}, kUri, at(4)).to_revoke == TokenId{7});
}

TEST_CASE("two codes that brought one shared token both find its successor") {
  AuthorizationCodes codes = with_code();
  codes.add(text(11), kGrant, at(0));
  for (const auto code : {kCode, text(11)}) {
    codes.redeem(code, ClientId{7}, kUri, at(1));
    codes.bind(code, TokenId{5});
  }
  codes.renewed(TokenId{5}, TokenId{6}, at(2));
  CHECK(codes.redeem(kCode, ClientId{7}, kUri, at(3)).to_revoke == TokenId{6});
  CHECK(codes.redeem(text(11), ClientId{7}, kUri, at(3)).to_revoke == TokenId{6});
}

// Used at 1: kept to 86,401. Renewed at 80,000: to 166,400.
TEST_CASE("an unused code is forgotten when it is too old, a used one when its tokens are") {
  AuthorizationCodes unused = with_code();
  CHECK(unused.sweep(at(300) - kTick) == 0);
  CHECK(unused.sweep(at(300)) == 1);

  AuthorizationCodes used = with_code();
  used.redeem(kCode, ClientId{7}, kUri, at(1));
  used.bind(kCode, TokenId{5});
  CHECK(used.sweep(at(80'000)) == 0);
  used.renewed(TokenId{5}, TokenId{6}, at(80'000));
  CHECK(used.sweep(at(166'400) - kTick) == 0);
  CHECK(used.redeem(kCode, ClientId{7}, kUri, at(166'400)).to_revoke == TokenId{6});
  CHECK(used.sweep(at(166'400)) == 1);
  CHECK(used.size() == 0);
  CHECK(used.redeem(kCode, ClientId{7}, kUri, at(166'400)).to_revoke == kNoToken);
}

TEST_CASE("a token that arrives after its code is forgotten is taken back") {
  AuthorizationCodes codes = with_code();
  codes.redeem(kCode, ClientId{7}, kUri, at(1));
  codes.sweep(at(86'401));
  CHECK(codes.bind(kCode, TokenId{5}) == Binding::kRevokeIt);
}

// A host with one code: redeems, issues, binds and refreshes, in an order that thieves and delays choose.
struct Host {
  AuthorizationCodes codes = with_code();
  MemoryTokenTable table;
  RevocationTable revoked;
  Revoker revoker{table, revoked};
  IssuingRules rules;
  TokenType type;
  std::uint32_t tokens{0};
  std::vector<TokenId> on_their_way;
  int uses{0};

  explicit Host(TokenType of_tokens) : type{of_tokens} {}

  void use(sim::VirtualTime now) {
    const Redemption redeemed = codes.redeem(kCode, ClientId{7}, kUri, now);
    if (redeemed.to_revoke != kNoToken) revoker.revoke(redeemed.to_revoke, now);
    ++uses;
    if (redeemed.error != OAuthError::kNone) return;
    IssueRequest request = testing::request(type, ++tokens, Grant::kAuthorizationCode);
    on_their_way.push_back(testing::issue(rules, request, table, now).row.id);
  }
  void arrive(sim::VirtualTime now) {
    if (on_their_way.empty()) return;
    if (codes.bind(kCode, on_their_way.back()) == Binding::kRevokeIt) revoker.revoke(on_their_way.back(), now);
    on_their_way.pop_back();
  }
  void refresh(sim::VirtualTime now) {
    const auto row = table.find(TokenId{tokens});
    if (!on_their_way.empty() || !row || !can_refresh(*row, now)) return;
    testing::issue(rules, testing::refresh_request(*row, ++tokens), table, now);
    codes.renewed(row->id, TokenId{tokens}, now);
  }
  int live(sim::VirtualTime now) const {
    int live = 0;
    for (std::uint32_t id = 1; id <= tokens; ++id) live += is_valid(*table.find(TokenId{id}), now) ? 1 : 0;
    return live;
  }
};

TEST_CASE("a code never yields two live tokens, and none after its second use") {
  parallax::testing::check("codes", 300, [] {
    Host host{pick(0, 2) == 0 ? TokenType::kJwt : TokenType::kOpaque};
    for (int second = 1; second < 30; ++second) {
      const auto now = at(second);
      switch (pick(0, 6)) {
        case 0:
          host.use(now);
          break;
        case 1:
          host.arrive(now);
          break;
        case 2:
          host.refresh(now);
          break;
        default:
          break;
      }
      RC_ASSERT(host.live(now) <= 1);
      if (host.uses >= 2 && host.on_their_way.empty()) RC_ASSERT(host.live(now) == 0);
    }
  });
}

}  // namespace
}  // namespace parallax::logic::tokens
