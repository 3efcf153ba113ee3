#include "scenarios/comparison/same_trial.h"

#include <catch2/catch.hpp>
#include <filesystem>

#include "scenarios/load.h"

namespace parallax::scenarios {
namespace {

schema::Scenario both_serve(const std::vector<std::string>& overrides) {
  const auto file = std::filesystem::path(PARALLAX_SOURCE_DIR) / "scenarios/library/compared/both_serve.txtpb";
  return load_file(file, overrides).loaded->scenario;
}

TEST_CASE("deployments may differ, trials may not") {
  const schema::Scenario same = both_serve({});
  CHECK(!trial_difference(same, both_serve({"sites[us-west].gateway.token_cache.ttl=1m"})));
  CHECK(!trial_difference(same, both_serve({"duration=1h", "workload.populations[west].rate=1200/m"})));
  CHECK(!trial_difference(same, both_serve({"expectations[0].known_miss=as its author says"})));
  CHECK(*trial_difference(same, both_serve({"duration=50m"})) == "duration: found \"50m\", expected \"60m\"");
  CHECK(*trial_difference(same, both_serve({"workload.populations[west].rate=21/s"})) ==
        "workload.populations[1].rate: found \"21/s\", expected \"20/s\"");
  CHECK(*trial_difference(same, both_serve({"catalog.tokens=2001"})) == "catalog.tokens: found 2001, expected 2000");
  CHECK(*trial_difference(same, both_serve({"faults[us-east lost].lasts=9m"})) ==
        "faults[0].lasts: found \"9m\", expected \"10m\"");
}

TEST_CASE("what only one of them has is named too") {
  const schema::Scenario same = both_serve({});
  schema::Scenario without = same;
  without.clear_faults();
  CHECK(trial_difference(same, without)->starts_with("faults[0]: found nothing, expected "));
  CHECK(trial_difference(without, same)->starts_with("faults[0]: found name: \"us-east lost\""));
}

}  // namespace
}  // namespace parallax::scenarios
