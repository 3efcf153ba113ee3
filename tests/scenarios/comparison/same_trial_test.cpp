#include "scenarios/comparison/same_trial.h"

#include <catch2/catch.hpp>
#include <filesystem>

#include "scenarios/load.h"

namespace parallax::scenarios {
namespace {

schema::Scenario active_active(const std::vector<std::string>& overrides) {
  const auto file = std::filesystem::path(PARALLAX_SOURCE_DIR) / "scenarios/library/deployments/active_active.txtpb";
  return load_file(file, overrides).loaded->scenario;
}

TEST_CASE("deployments may differ, trials may not") {
  const schema::Scenario same = active_active({});
  CHECK(!trial_difference(same, active_active({"sites[us-west].gateway.token_cache.ttl=1m"})));
  CHECK(!trial_difference(same, active_active({"duration=1h", "workload.populations[europe].rate=240/m"})));
  CHECK(!trial_difference(same, active_active({"expectations[0].known_miss=as its author says"})));
  CHECK(*trial_difference(same, active_active({"duration=50m"})) == "duration: found \"50m\", expected \"60m\"");
  CHECK(*trial_difference(same, active_active({"workload.populations[europe].rate=5/s"})) ==
        "workload.populations[1].rate: found \"5/s\", expected \"4/s\"");
  CHECK(*trial_difference(same, active_active({"catalog.tokens=2001"})) == "catalog.tokens: found 2001, expected 2000");
  CHECK(*trial_difference(same, active_active({"faults[us-east lost].lasts=9m"})) ==
        "faults[0].lasts: found \"9m\", expected \"10m\"");
}

// A target is what somebody expects of a deployment; the trial is what all of them are put to.
TEST_CASE("targets may differ, what the trial asks about may not") {
  const schema::Scenario same = active_active({});
  schema::Scenario other = same;
  other.clear_expectations();
  CHECK(!trial_difference(same, other));
  other.add_compared_by("latency.p50");
  REQUIRE(trial_difference(same, other));
  CHECK(trial_difference(same, other)->starts_with("compared_by["));
}

TEST_CASE("what only one of them has is named too") {
  const schema::Scenario same = active_active({});
  schema::Scenario without = same;
  without.clear_faults();
  CHECK(trial_difference(same, without)->starts_with("faults[0]: found nothing, expected "));
  CHECK(trial_difference(without, same)->starts_with("faults[0]: found name: \"us-east lost\""));
}

}  // namespace
}  // namespace parallax::scenarios
