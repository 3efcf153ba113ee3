#include "scenarios/fragility.h"

#include <algorithm>
#include <catch2/catch.hpp>

#include "scenarios/load.h"

namespace parallax::scenarios {
namespace {

// Two nodes that cache tokens for 15 min by default; a revoked one may go on working for 10.
constexpr std::string_view kTwoSites = R"(name: "fragile"
duration: "40m"
sites { name: "eu" nodes: ["a", "b"] key_manager { token_validity: "50m" } }
sites { name: "us" nodes: "c" gateway { token_cache { sweep_interval: "31s" } } }
regions { name: "clients" prefers: ["eu", "us"] }
links { from: "clients" to: "eu" delay { constant: "20ms" } }
links { from: "clients" to: "us" delay { constant: "50ms" } }
links { from: "eu" to: "us" delay { constant: "40ms" } }
replications { from: "eu" to: "us" }
catalog { apis: 2 applications: 2 tokens: 20 tiers { name: "basic" limit: "1000/m" } }
workload {
  populations { name: "users" region: "clients" rate: "5/s" }
  writes { name: "revoke" site: "eu" from: "1m" until: "15m" revoke_tokens { rate: "1/m" } }
}
expectations { metric: "window.token_revoked.max" at_most: "10m" }
)";

schema::Result run_of(std::string_view text) {
  const LoadOutcome outcome = load_text("fragile.txtpb", text, {});
  for (const Problem& problem : outcome.problems) UNSCOPED_INFO(to_string(problem));
  REQUIRE(outcome.loaded);
  return run(*outcome.loaded, {}).result;
}

const DefaultNudge* find(const std::vector<DefaultNudge>& nudges, std::string_view path, std::string_view to) {
  const auto found = std::find_if(nudges.begin(), nudges.end(),
                                  [&](const DefaultNudge& nudge) { return nudge.path == path && nudge.to == to; });
  return found == nudges.end() ? nullptr : &*found;
}

TEST_CASE("defaults are nudged wherever they stand together; what somebody chose is not") {
  const std::vector<DefaultNudge> nudges = default_nudges(run_of(kTwoSites));
  const DefaultNudge* half = find(nudges, "sites[*].gateway.token_cache.ttl", "450s");
  REQUIRE(half);
  CHECK(half->from == "900s");
  CHECK(half->overrides ==
        std::vector<std::string>{"sites[eu].gateway.token_cache.ttl=450s", "sites[us].gateway.token_cache.ttl=450s"});
  CHECK(find(nudges, "sites[*].gateway.token_cache.ttl", "30m"));
  // The sweep of one site was chosen: the other's is nudged alone.
  CHECK(find(nudges, "sites[*].gateway.token_cache.sweep_interval", "15s")->overrides.size() == 1);
  CHECK(!find(nudges, "sites[*].gateway.token_cache.sweep_interval", "15500ms"));
  for (const DefaultNudge& nudge : nudges) {
    for (const std::string& text : nudge.overrides) CHECK(!text.starts_with("sites[eu].key_manager.token_validity"));
  }
}

TEST_CASE("the default that decides the verdict is named, and no other") {
  const schema::Result result = run_of(kTwoSites);
  REQUIRE(result.verdict() == "fail");  // 15 min and up to 30 s of sweeping
  const schema::Fragility fragility = fragility_of(result, {});
  CHECK(fragility.runs() > fragility.inputs());
  REQUIRE(fragility.nudges_size() == 1);
  const schema::Nudge& nudge = fragility.nudges(0);
  CHECK(nudge.path() == "sites[*].gateway.token_cache.ttl");
  CHECK(nudge.to() == "450s");
  CHECK(nudge.verdict() == "pass");
  REQUIRE(nudge.flips_size() == 1);
  CHECK(nudge.flips(0).from() == "fail");
  CHECK(nudge.flips(0).to() == "pass");
}

}  // namespace
}  // namespace parallax::scenarios
