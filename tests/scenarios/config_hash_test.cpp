#include "scenarios/config_hash.h"

#include <catch2/catch.hpp>

#include "scenarios/load.h"

namespace parallax::scenarios {
namespace {

std::string hash(std::vector<std::string> overrides) {
  const std::string file = PARALLAX_SOURCE_DIR "/scenarios/library/deployments/standalone_pair.txtpb";
  const LoadOutcome outcome = load_file(file, overrides);
  REQUIRE(outcome.loaded);
  return to_hex(config_hash(outcome.loaded->scenario));
}

TEST_CASE("a scenario's hash tells values apart, and leaves out what shapes no run") {
  const std::string as_it_is = hash({});
  CHECK(as_it_is.size() == 32);
  CHECK(hash({}) == as_it_is);
  CHECK(hash({"seeds=7"}) == as_it_is);
  CHECK(hash({"title=Another"}) == as_it_is);
  CHECK(hash({"expectations[0].known_miss=as its author says"}) == as_it_is);
  CHECK(hash({"duration=59m"}) != as_it_is);
  CHECK(hash({"sites[us-east].gateway.token_cache.ttl=61s"}) != as_it_is);
}

}  // namespace
}  // namespace parallax::scenarios
