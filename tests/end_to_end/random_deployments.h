// What tests of deployments drawn at random have in common: dice, and what must hold in whatever they make.
#pragma once

#include <array>
#include <catch2/catch.hpp>
#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>

#include "models/audit/audit.h"
#include "models/world/world.h"
#include "scenarios/compile.h"
#include "scenarios/fingerprints.h"
#include "scenarios/load.h"
#include "sim/random.h"
#include "tests/end_to_end/books.h"
#include "tests/end_to_end/bounded.h"

namespace parallax::test {

class Dice {
 public:
  /// `name`: of its stream.
  Dice(std::uint64_t seed, std::string_view name) : stream_{seed, name, "dice"} {}

  template <std::size_t count>
  std::string pick(const std::array<const char*, count>& texts) {
    return texts[stream_.below(count)];
  }
  bool one_in(std::uint64_t n) { return stream_.below(n) == 0; }
  std::string maybe(const std::string& text, std::uint64_t n = 2) { return one_in(n) ? text : ""; }
  template <std::size_t count>
  std::string field(const std::string& name, const std::array<const char*, count>& values) {
    return " " + name + ": \"" + pick(values) + "\"";
  }

 private:
  sim::Stream stream_;
};

/// Of two sites, and the links to them.
inline const std::string kUsersOfBoth =
    "regions { name: \"users\" prefers: \"one\" prefers: \"two\" }\n"
    "links { from: \"users\" to: \"one\" delay { constant: \"5ms\" } }\n"
    "links { from: \"users\" to: \"two\" delay { constant: \"9ms\" } }\n";

/// From left to right. `+` would leave the order of its operands, and so of what the dice draw, to the compiler.
inline std::string join(std::initializer_list<std::string_view> texts) {
  std::string joined;
  for (const std::string_view text : texts) joined += text;
  return joined;
}

/// A part of the workload: callers who roam, and what both sites write.
inline const std::string kCallersAndWriters =
    "populations { name: \"p\" region: \"users\" rate: \"60/s\" timeout: \"1s\" retries: 1 roaming: 0.4 }\n"
    "writes { name: \"r1\" site: \"one\" revoke_tokens { rate: \"1/2s\" } }\n"
    "writes { name: \"r2\" site: \"two\" revoke_tokens { rate: \"1/3s\" } }\n"
    "writes { name: \"s\" site: \"one\" add_subscriptions { rate: \"1/4s\" } }\n";

struct Played {
  std::string fingerprint;
  audit::Findings findings;
};

inline Played play(const schema::Scenario& scenario, std::uint64_t seed, unsigned threads) {
  world::WorldConfig config = scenarios::compile(scenario, seed);
  config.execution.threads = threads;
  world::World world{config};
  audit::Audit audit{world.audit_setup()};
  scenarios::Fingerprints fingerprints{config.sites.size()};
  world.simulation().add_reader([&](std::span<const sim::Record> journal) {
    fingerprints.read(journal);
    audit.read(journal);
  });
  world.run();
  Played played{to_hex(fingerprints.total()), audit.finish(world.simulation().now())};
  check_bounds(config, played.findings, world.node_names());
  return played;
}

/// A witness shows what it says: steps in order of time, the last of which lacks what the first has.
inline void check_witness(audit::Guarantee guarantee, const audit::SessionWitness& witness) {
  using Kind = audit::SessionOperation::Kind;
  const auto& steps = witness.operations;
  const bool is_of_writes =
      guarantee == audit::Guarantee::kMonotonicWrites || guarantee == audit::Guarantee::kWritesFollowReads;
  const bool begins_with_write =
      guarantee == audit::Guarantee::kReadYourWrites || guarantee == audit::Guarantee::kMonotonicWrites;
  REQUIRE(steps.size() == (is_of_writes ? 3U : 2U));
  REQUIRE(steps.front().kind == (begins_with_write ? Kind::kWrote : Kind::kRead));
  REQUIRE(steps.back().kind == (is_of_writes ? Kind::kApplied : Kind::kRead));
  for (std::size_t i = 1; i < steps.size(); ++i) REQUIRE(steps[i - 1].time <= steps[i].time);
  REQUIRE(steps.front().time < steps.back().time);
  if (is_of_writes) {
    REQUIRE(steps[1].kind == Kind::kWrote);
    REQUIRE(steps[0].object != steps[1].object);
    REQUIRE(steps[1].object == steps[2].object);
  } else {
    REQUIRE(steps[0].object == steps[1].object);
    REQUIRE(steps[0].version > steps[1].version);
    REQUIRE(witness.token == steps[1].token);
  }
}

/// Every guarantee that was broken has its witness, and whoever refused a token that another site had issued did not
/// read a session's own write.
inline void check_sessions(const audit::Findings& findings) {
  const audit::SessionsFinding& found = findings.sessions;
  for (const audit::Guarantee guarantee : audit::kGuarantees) {
    const audit::GuaranteeFinding& one = found.of(guarantee);
    REQUIRE(one.broken <= one.looked_at);
    REQUIRE(one.smallest.has_value() == (one.broken > 0));
    if (one.smallest) check_witness(guarantee, *one.smallest);
  }
  REQUIRE(found.of(audit::Guarantee::kReadYourWrites).looked_at == findings.decisions);
  REQUIRE(found.of(audit::Guarantee::kReadYourWrites).broken >= findings.issued_elsewhere_refused);
  std::uint64_t refused_elsewhere = 0;
  for (const auto& side : found.gaps) {
    for (const audit::GapCount& count : side) REQUIRE(count.refused <= count.asked);
  }
  for (const audit::GapCount& count : found.gaps[static_cast<std::size_t>(audit::Used::kElsewhere)]) {
    refused_elsewhere += count.refused;
  }
  REQUIRE(refused_elsewhere >= findings.issued_elsewhere_refused);
}

/// The scenario is right. The audit's books balance: every request, every decision and every window is accounted for.
/// In every eighth deployment three threads give the same bytes as one.
inline audit::Findings play_and_check(const std::string& text, std::uint64_t seed) {
  INFO("seed " << seed << "\n" << text);
  const auto outcome = scenarios::load_text("random", text, {});
  INFO((outcome.problems.empty() ? "" : to_string(outcome.problems.front())));
  REQUIRE(outcome.loaded);
  Played played = play(outcome.loaded->scenario, seed, 1);
  check_books(played.findings);
  check_sessions(played.findings);
  if (seed % 8 == 0) REQUIRE(play(outcome.loaded->scenario, seed, 3).fingerprint == played.fingerprint);
  return std::move(played.findings);
}

}  // namespace parallax::test
