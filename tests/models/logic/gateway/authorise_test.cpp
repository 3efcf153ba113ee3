#include "models/logic/gateway/authorise.h"

#include <catch2/catch.hpp>

namespace parallax::logic {
namespace {

using domain::Outcome;
using domain::Standing;

constexpr sim::VirtualTime kNow{1'000};
constexpr std::array kStandings{Standing::kAbsent, Standing::kActive, Standing::kBlocked};

ApiFacts api(Standing standing = Standing::kActive) { return {{}, standing}; }
TokenFacts token(Standing standing = Standing::kActive, sim::VirtualTime expires = sim::kNever) {
  return {{}, standing, expires, {}};
}
SubscriptionFacts subscription(Standing standing = Standing::kActive) { return {{}, standing}; }

TEST_CASE("a request with everything in order is admitted") {
  CHECK(authorise(api(), token(), subscription(), kNow) == Outcome::kAdmitted);
}

TEST_CASE("each fact that is not in order has its own refusal") {
  CHECK(authorise(api(Standing::kAbsent), token(), subscription(), kNow) == Outcome::kApiUnknown);
  CHECK(authorise(api(Standing::kBlocked), token(), subscription(), kNow) == Outcome::kApiUnknown);
  CHECK(authorise(api(), token(Standing::kAbsent), subscription(), kNow) == Outcome::kTokenInvalid);
  CHECK(authorise(api(), token(Standing::kBlocked), subscription(), kNow) == Outcome::kTokenInvalid);
  CHECK(authorise(api(), token(), subscription(Standing::kBlocked), kNow) == Outcome::kSubscriptionBlocked);
  CHECK(authorise(api(), token(), subscription(Standing::kAbsent), kNow) == Outcome::kSubscriptionMissing);
}

TEST_CASE("a token is valid before its expiry and not at it") {
  const sim::VirtualTime before = kNow - sim::nanoseconds(1);
  CHECK(is_valid(token(Standing::kActive, kNow), before));
  CHECK_FALSE(is_valid(token(Standing::kActive, kNow), kNow));
  CHECK(authorise(api(), token(Standing::kActive, kNow), subscription(), before) == Outcome::kAdmitted);
  CHECK(authorise(api(), token(Standing::kActive, kNow), subscription(), kNow) == Outcome::kTokenInvalid);
}

TEST_CASE("facts that nobody has set refuse") {
  CHECK(authorise({}, {}, {}, kNow) == Outcome::kApiUnknown);
  CHECK(authorise(api(), {}, {}, kNow) == Outcome::kTokenInvalid);
  CHECK(authorise(api(), token(), {}, kNow) == Outcome::kSubscriptionMissing);
}

// 3 x 3 x 2 x 3 = 54 combinations: the answer is that of the first fact out of order, API, token, subscription.
TEST_CASE("of several refusals the first in the gateway's order of handlers is the answer") {
  for (const Standing a : kStandings) {
    for (const Standing t : kStandings) {
      for (const sim::VirtualTime expires : {kNow, sim::kNever}) {
        for (const Standing s : kStandings) {
          const Outcome outcome = authorise(api(a), token(t, expires), subscription(s), kNow);
          if (a != Standing::kActive) {
            CHECK(outcome == Outcome::kApiUnknown);
          } else if (t != Standing::kActive || expires == kNow) {
            CHECK(outcome == Outcome::kTokenInvalid);
          } else {
            CHECK(outcome == authorise(api(), token(), subscription(s), kNow));
          }
        }
      }
    }
  }
}

}  // namespace
}  // namespace parallax::logic
