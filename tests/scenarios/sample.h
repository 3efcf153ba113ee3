// A small scenario that is right, for tests to break in one place.
#pragma once

#include <catch2/catch.hpp>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "scenarios/load.h"

namespace parallax::scenarios {

inline constexpr std::string_view kSample =
    R"(name: "pair"
duration: "10m"
sites { name: "dc" nodes: ["a", "b"] gateway { token_cache { ttl: "60s" } } }
sites { name: "eu" nodes: "c" }
regions { name: "clients" prefers: ["dc", "eu"] }
links { from: "clients" to: "dc" delay { constant: "20ms" } }
links { from: "clients" to: "eu" delay { uniform { least: "5ms" greatest: "9ms" } } }
catalog { apis: 5 tiers { name: "basic" limit: "20/m" } }
workload {
  populations { name: "users" region: "clients" rate: "200/s" }
  writes { name: "revoke" site: "dc" from: "1m" until: "5m" revoke_tokens { rate: "1/s" } }
}
faults { name: "cut" at: "2m" lasts: "1m" link_down { from: "clients" to: "dc" } }
expectations { metric: "window.token_revoked.max" at_most: "1m" }
)";

/// A scenario with one piece of its text replaced by another.
inline std::string with(std::string_view whole, std::string_view old_text, std::string_view new_text) {
  std::string text(whole);
  const std::size_t at = text.find(old_text);
  if (at == std::string::npos) throw std::logic_error("the scenario does not contain " + std::string(old_text));
  return text.replace(at, old_text.size(), new_text);
}

inline std::string sample_with(std::string_view old_text, std::string_view new_text) {
  return with(kSample, old_text, new_text);
}

inline LoadOutcome load(std::string_view text, const std::vector<std::string>& overrides = {}) {
  return load_text("pair.txtpb", text, overrides);
}

/// All problems, one a line, as they are printed.
inline std::string complaints(const LoadOutcome& outcome) {
  std::string lines;
  for (const Problem& problem : outcome.problems) lines += to_string(problem) + "\n";
  return lines;
}

/// A scenario that is right but in one place, and the complaint that this leads to.
struct Case {
  std::string_view old_text;
  std::string_view new_text;
  std::string complaint;
};

/// Each of `cases` makes of `whole` a scenario that is refused.
inline void check_all(std::string_view whole, std::span<const Case> cases) {
  for (const Case& one : cases) {
    const LoadOutcome outcome = load(with(whole, one.old_text, one.new_text));
    INFO(one.old_text << " -> " << one.new_text);
    CHECK_FALSE(outcome.loaded.has_value());
    CHECK_THAT(complaints(outcome), Catch::Contains(one.complaint));
  }
}

}  // namespace parallax::scenarios
