#include "models/logic/gateway/authorise.h"

#include <array>
#include <catch2/catch.hpp>

namespace parallax::logic::gateway {
namespace {

using domain::KeyType;
using domain::Outcome;
using domain::Standing;

constexpr sim::VirtualTime kNow{1'000};
constexpr std::array kStandings{Standing::kAbsent, Standing::kActive,  Standing::kBlocked, Standing::kProductionBlocked,
                                Standing::kOnHold, Standing::kRejected};

AccessFacts in_order() {
  return {{{}, Standing::kActive},
          {{}, Standing::kActive, sim::kNever},
          {{}, Standing::kActive},
          {{}, Standing::kActive},
          {{}, Standing::kActive}};
}

template <typename Change>
Outcome with(Change&& change) {
  AccessFacts facts = in_order();
  change(facts);
  return authorise(facts, kNow);
}

TEST_CASE("a request with everything in order is admitted") {
  CHECK(authorise(in_order(), kNow) == Outcome::kAdmitted);
}

TEST_CASE("each fact that is not in order has its own refusal") {
  CHECK(with([](auto& f) { f.api.standing = Standing::kAbsent; }) == Outcome::kApiUnknown);
  CHECK(with([](auto& f) { f.api.standing = Standing::kBlocked; }) == Outcome::kApiBlocked);
  CHECK(with([](auto& f) { f.token.standing = Standing::kAbsent; }) == Outcome::kTokenInvalid);
  CHECK(with([](auto& f) { f.token.standing = Standing::kBlocked; }) == Outcome::kTokenInvalid);
  CHECK(with([](auto& f) { f.key.standing = Standing::kAbsent; }) == Outcome::kSubscriptionMissing);
  CHECK(with([](auto& f) { f.application.standing = Standing::kAbsent; }) == Outcome::kSubscriptionMissing);
  CHECK(with([](auto& f) { f.subscription.standing = Standing::kAbsent; }) == Outcome::kSubscriptionMissing);
  CHECK(with([](auto& f) { f.subscription.standing = Standing::kBlocked; }) == Outcome::kSubscriptionBlocked);
  CHECK(with([](auto& f) { f.subscription.standing = Standing::kOnHold; }) == Outcome::kSubscriptionInactive);
  CHECK(with([](auto& f) { f.subscription.standing = Standing::kRejected; }) == Outcome::kSubscriptionInactive);
}

TEST_CASE("a block for production keys lets sandbox keys pass") {
  const auto key_of = [](KeyType type) {
    return with([type](auto& f) {
      f.subscription.standing = Standing::kProductionBlocked;
      f.key.type = type;
    });
  };
  CHECK(key_of(KeyType::kProduction) == Outcome::kSubscriptionBlocked);
  CHECK(key_of(KeyType::kSandbox) == Outcome::kAdmitted);
}

TEST_CASE("a token is valid before its expiry and not at it") {
  TokenFacts token{{}, Standing::kActive, kNow};
  CHECK(judge_token(token, kNow - sim::nanoseconds(1)) == Outcome::kAdmitted);
  CHECK(judge_token(token, kNow) == Outcome::kTokenExpired);
  CHECK(with([&](auto& f) { f.token = token; }) == Outcome::kTokenInvalid);
}

TEST_CASE("a skew keeps a token alive for exactly as long") {
  const TokenFacts token{{}, Standing::kActive, kNow};
  const sim::Duration skew = sim::nanoseconds(300);
  CHECK(judge_token(token, kNow + skew - sim::nanoseconds(1), skew) == Outcome::kAdmitted);
  CHECK(judge_token(token, kNow + skew, skew) == Outcome::kTokenExpired);
  // A token without an end does not overflow.
  CHECK(judge_token({{}, Standing::kActive, sim::kNever}, kNow, skew) == Outcome::kAdmitted);
}

TEST_CASE("facts that nobody has set refuse") {
  CHECK(authorise({}, kNow) == Outcome::kApiUnknown);
  CHECK(authorise({in_order().api, {}, {}, {}, {}}, kNow) == Outcome::kTokenInvalid);
  CHECK(authorise({in_order().api, in_order().token, {}, {}, {}}, kNow) == Outcome::kSubscriptionMissing);
}

// 6 x 6 x 2 x 6 = 432 combinations: the answer is that of the first fact out of order, API, token, subscription.
TEST_CASE("of several refusals the first in the gateway's order of handlers is the answer") {
  for (const Standing a : kStandings) {
    for (const Standing t : kStandings) {
      for (const sim::VirtualTime expires : {kNow, sim::kNever}) {
        for (const Standing s : kStandings) {
          AccessFacts facts = in_order();
          facts.api.standing = a;
          facts.token = {{}, t, expires};
          facts.subscription.standing = s;
          const Outcome outcome = authorise(facts, kNow);
          if (a != Standing::kActive) {
            CHECK(outcome == judge_api(facts.api));
          } else if (t != Standing::kActive || expires == kNow) {
            CHECK(outcome == Outcome::kTokenInvalid);
          } else {
            CHECK(outcome == judge_subscription(facts.key, facts.application, facts.subscription));
          }
        }
      }
    }
  }
}

TEST_CASE("one of the scopes that a resource names is enough; a resource that names none asks for none") {
  tokens::ScopeSets sets;
  using domain::ScopeId;
  const auto read_or_write = *sets.intern(std::array{ScopeId{1}, ScopeId{2}});
  const auto write_and_more = *sets.intern(std::array{ScopeId{2}, ScopeId{70}});
  const auto other =
      *sets.intern(std::array{ScopeId{3}, ScopeId{66}});  // 66 is 2 modulo 64: another scope all the same
  const auto judge = [&](tokens::ScopeSetId wanted, tokens::ScopeSetId held) {
    TokenFacts token;
    token.scopes = held;
    return judge_scopes({{}, Standing::kActive, wanted}, token, sets);
  };
  CHECK(judge(read_or_write, write_and_more) == Outcome::kAdmitted);
  CHECK(judge(read_or_write, other) == Outcome::kScopeMissing);
  CHECK(judge(read_or_write, tokens::kNoScopes) == Outcome::kScopeMissing);
  CHECK(judge(tokens::kNoScopes, tokens::kNoScopes) == Outcome::kAdmitted);
}

}  // namespace
}  // namespace parallax::logic::gateway
