// Scenarios come from people's editors and other people's scripts: whatever the text is, loading answers with a
// scenario or with problems. The full fuzzers have more time; this one runs with every build.
#include <catch2/catch.hpp>
#include <cstdint>
#include <string>

#include "tests/scenarios/sample.h"

namespace parallax::scenarios {
namespace {

/// splitmix64 (Steele, Lea, Flood 2014): ours, so that a failing case is the same everywhere.
class Dice {
 public:
  explicit Dice(std::uint64_t seed) : state_{seed} {}

  std::size_t below(std::size_t bound) {
    state_ += 0x9E3779B97F4A7C15U;
    std::uint64_t z = state_;
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9U;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBU;
    return static_cast<std::size_t>((z ^ (z >> 31)) % bound);
  }

 private:
  std::uint64_t state_;
};

std::string piece_of(const std::string& text, Dice& dice) {
  const std::size_t at = dice.below(text.size() + 1);
  return text.substr(at, dice.below(40));
}

void mutate(std::string& text, Dice& dice) {
  constexpr std::string_view kTricky[] = {"\"",       "{",
                                          "}",        "[",
                                          "]",        "<",
                                          ">",        ":",
                                          "-",        "'",
                                          "#",        "\\",
                                          "\n",       "\t",
                                          "0",        "99999999999999999999",
                                          "\"-1ns\"", "\"9223372036854775807ns\"",
                                          "nan",      "1e400",
                                          "\\377",    "\xFF",
                                          "\xC3\xBC", "nodes: [",
                                          "sites {"};
  const std::size_t at = dice.below(text.size() + 1);
  switch (dice.below(4)) {
    case 0:
      text.erase(at, dice.below(12));
      break;
    case 1:
      text.insert(at, kTricky[dice.below(std::size(kTricky))]);
      break;
    case 2:
      text.insert(at, piece_of(text, dice));
      break;
    default:
      if (at < text.size()) text[at] = static_cast<char>(dice.below(256));
  }
}

TEST_CASE("no mutation of a scenario makes loading fail otherwise than by problems") {
  constexpr std::uint64_t kCases = 6'000;
  std::uint64_t sound = 0;
  for (std::uint64_t seed = 1; seed <= kCases; ++seed) {
    Dice dice(seed);
    std::string text(kSample);
    for (std::size_t i = 1 + dice.below(4); i > 0; --i) mutate(text, dice);
    std::string override_text = "sites[dc].gateway.token_cache.ttl=5s";
    if (seed % 2 == 0) mutate(override_text, dice);  // else next to nothing would load: both have to survive
    INFO("seed " << seed << "\n" << text);
    LoadOutcome outcome;
    REQUIRE_NOTHROW(outcome = load(text, {override_text}));
    REQUIRE(outcome.loaded.has_value() == outcome.problems.empty());
    for (const Problem& problem : outcome.problems) {
      const int least = problem.file.starts_with("--set ") ? 0 : 1;
      REQUIRE(problem.line >= least);
      REQUIRE(problem.column >= least);
      REQUIRE_FALSE(problem.message.empty());
      REQUIRE(problem.message.find('\n') == std::string::npos);
    }
    if (outcome.loaded) ++sound;
  }
  CHECK(sound > 0);
  CHECK(sound < kCases / 2);
}

TEST_CASE("no prefix of a scenario is read beyond its end") {
  for (std::size_t length = 0; length <= kSample.size(); ++length) {
    REQUIRE_NOTHROW(load(kSample.substr(0, length)));
  }
}

}  // namespace
}  // namespace parallax::scenarios
