// What is planted beside the ways of changes: a clock, a counter, a database. The wrong decisions that it brings, and
// only these, are charged to its stage.
#include <catch2/catch.hpp>
#include <map>
#include <string>
#include <vector>

#include "scenarios/run.h"
#include "tests/end_to_end/planted.h"

namespace parallax::test {
namespace {

using domain::Stage;

struct PlantedCause {
  const char* what;
  std::string source;
  Overrides without;
  Overrides with;
  Stage stage;
  std::uint64_t least;  ///< more wrong decisions of that stage
};

std::map<Stage, std::uint64_t> charged(const audit::Findings& findings) {
  std::map<Stage, std::uint64_t> by_stage;
  for (const auto& [key, count] : findings.wrong) by_stage[std::get<Stage>(key)] += count;
  return by_stage;
}

void check(const PlantedCause& planted) {
  INFO(planted.what);
  const Rehearsal without = rehearse_source(planted.source, planted.without);
  const Rehearsal with = rehearse_source(planted.source, both(planted.without, planted.with));
  auto more = charged(with.findings);
  for (const auto& [stage, count] : charged(without.findings)) more[stage] -= count;
  for (const auto& [stage, count] : more) {
    INFO(domain::name_of(stage));
    CHECK((stage == planted.stage ? count >= planted.least : count == 0));
  }
  CHECK(more.contains(planted.stage));
}

std::string counted(const std::string& site) {
  return "name: \"counted\" duration: \"10m\"\n"
         "sites { name: \"dc\" nodes: \"a\" nodes: \"b\" " +
         site +
         " }\n"
         "regions { name: \"users\" }\n"
         "links { from: \"users\" to: \"dc\" delay { constant: \"5ms\" } }\n"
         "catalog { apis: 1 applications: 10 tokens: 10 tiers { name: \"t\" limit: \"20/m\" } }\n"
         "workload { populations { name: \"p\" region: \"users\" rate: \"20/s\" token_popularity: 0 } }\n";
}

const std::string kQuick = "traffic_manager { event_delay: \"0s\" push_delay: \"0s\" }";
const std::string kCluster = " clustering { message_delay: \"0s\" }";

}  // namespace

TEST_CASE("wrong decisions are charged to what has been planted, and no others come") {
  const std::vector<PlantedCause> cases{
      {"a clock that is ahead",
       "clocks/gateway_ahead",
       {"faults[0].clock_off.offset=1ns"},
       {"faults[0].clock_off.offset=90s"},
       Stage::kClockSkew,
       5'000},
      {"clocks of counters that are ahead",
       counted(kQuick + kCluster) +
           "faults { name: \"f\" at: \"0s\" lasts: \"1s\" clock_off { site: \"dc\" offset: \"7s\" } }\n",
       {},
       {"faults[f].lasts=10m"},
       Stage::kClockSkew,
       100},
      {"decisions that are pushed later",
       counted(kQuick + kCluster),
       {},
       {"sites[dc].traffic_manager.push_delay=5s"},
       Stage::kDecisionPush,
       100},
      {"requests that are counted later",
       counted(kQuick + kCluster),
       {},
       {"sites[dc].traffic_manager.event_delay=5s", "sites[dc].clustering.message_delay=5s"},
       Stage::kEventInFlight,
       100},
      {"a database that cannot be reached",
       "databases/shared_over_wan",
       {"faults[cut].at=299s", "faults[cut].lasts=1s"},
       {"faults[cut].at=1m", "faults[cut].lasts=4m"},
       Stage::kDatabaseUnreachable,
       10},
  };
  for (const PlantedCause& planted : cases) check(planted);
}

// The same pair, in a cluster and not: what one node counts the other does not know.
TEST_CASE("wrong decisions of a pair without a cluster are those of counters that are not shared") {
  const Rehearsal without = rehearse_source(counted(kQuick + kCluster), {});
  const Rehearsal with = rehearse_source(counted(kQuick), {});
  CHECK(charged(without.findings).empty());
  const auto found = charged(with.findings);
  REQUIRE(found.size() == 1);
  CHECK(found.begin()->first == Stage::kCounterNotShared);
  CHECK(found.begin()->second > 1'000);
}

}  // namespace parallax::test
