#include "models/audit/error_spells.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <vector>

#include "models/audit/sliding_window.h"

namespace parallax::audit {
namespace {

sim::VirtualTime at(double s) { return {static_cast<std::int64_t>(s * 1e9)}; }

}  // namespace

// 1, 4 and 8.9 s are under 5 s apart, 14 s is not: two spells, of 7.9 s and of nothing; tokens 1, 2 and 3.
TEST_CASE("wrong decisions less than five seconds apart are one spell") {
  ErrorSpells spells;
  spells.add(DecisionError::kWrongAllow, domain::TokenId{1}, at(1));
  spells.add(DecisionError::kWrongAllow, domain::TokenId{2}, at(4));
  spells.add(DecisionError::kWrongDeny, domain::TokenId{9}, at(5));
  spells.add(DecisionError::kWrongAllow, domain::TokenId{1}, at(8.9));
  spells.add(DecisionError::kWrongAllow, domain::TokenId{3}, at(14));
  Findings findings;
  spells.finish(findings);
  const ErrorFinding& allows = findings.errors[static_cast<std::size_t>(DecisionError::kWrongAllow)];
  CHECK(allows.spells == 2);
  CHECK(allows.longest == sim::milliseconds(7'900));
  CHECK(allows.clients == 3);
  const ErrorFinding& denies = findings.errors[static_cast<std::size_t>(DecisionError::kWrongDeny)];
  CHECK(denies.spells == 1);
  CHECK(denies.longest == sim::Duration{});
  CHECK(findings.errors[static_cast<std::size_t>(DecisionError::kWrongVariant)].spells == 0);
}

// Ten at the end of one minute and ten at the beginning of the next are twenty within twenty seconds.
TEST_CASE("a span of a window's length may begin anywhere") {
  SlidingWindow window;
  std::uint64_t most = 0;
  for (int i = 0; i < 10; ++i) most = std::max(most, window.admit(at(50 + i * 0.5), sim::minutes(1)));
  CHECK(most == 10);
  for (int i = 0; i < 10; ++i) most = std::max(most, window.admit(at(60 + i * 0.5), sim::minutes(1)));
  CHECK(most == 20);
  // A minute later those are gone; what is forgotten step by step, or all at once after a long silence.
  CHECK(window.admit(at(119), sim::minutes(1)) == 11);
  CHECK(window.admit(at(1'000), sim::minutes(1)) == 1);
}

TEST_CASE("of spans that begin at twelfths of a window it finds the most, as counting again does") {
  std::vector<std::int64_t> admitted;
  std::uint64_t state = 7;
  std::int64_t now = 0;
  SlidingWindow window;
  for (int i = 0; i < 3'000; ++i) {
    state = state * 6364136223846793005U + 1442695040888963407U;
    now += static_cast<std::int64_t>(state >> 33) % 400'000'000 * (i % 97 == 0 ? 40 : 1);
    admitted.push_back(now);
    const std::int64_t step = sim::seconds(5).ns;
    const std::int64_t first = (now / step - 11) * step;
    const auto count = std::count_if(admitted.begin(), admitted.end(), [&](std::int64_t t) { return t >= first; });
    REQUIRE(window.admit({now}, sim::minutes(1)) == static_cast<std::uint64_t>(count));
  }
}

}  // namespace parallax::audit
