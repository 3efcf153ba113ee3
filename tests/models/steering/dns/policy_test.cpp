// What authorities answer, by hand.
#include <catch2/catch.hpp>
#include <vector>

#include "models/steering/dns/policy.h"
#include "tests/models/support/statistics.h"

namespace parallax::test {

namespace dns = steering::dns;

namespace {

constexpr sim::SiteId kEast{0};
constexpr sim::SiteId kWest{1};
constexpr sim::SiteId kNorth{2};
constexpr sim::SiteId kUsers{3};

using Healthy = std::vector<std::uint8_t>;

dns::PolicySpec three(dns::Routing routing) {
  dns::PolicySpec spec;
  spec.routing = routing;
  spec.targets = {{kEast}, {kWest}, {kNorth}};
  return spec;
}

std::vector<sim::SiteId> answer(const dns::PolicySpec& spec, const Healthy& healthy, sim::SiteId location = kUsers,
                                const Healthy& listed = {1, 1, 1}) {
  sim::Stream draws{1, "policy", "draws"};
  const dns::Answer answer = dns::Policy{spec}.answer(location, healthy, listed, draws);
  return {answer.all().begin(), answer.all().end()};
}

using Sites = std::vector<sim::SiteId>;

}  // namespace

TEST_CASE("failover takes the first of the list that is healthy") {
  const dns::PolicySpec spec = three(dns::Routing::kFailover);
  CHECK(answer(spec, {1, 1, 1}) == Sites{kEast});
  CHECK(answer(spec, {0, 1, 1}) == Sites{kWest});
  CHECK(answer(spec, {0, 0, 1}) == Sites{kNorth});
}

TEST_CASE("with none healthy all are, or nobody is, or the last is asked") {
  dns::PolicySpec spec = three(dns::Routing::kFailover);
  CHECK(answer(spec, {0, 0, 0}) == Sites{kEast});
  spec.none_healthy = dns::NoneHealthy::kEmptyAnswer;
  CHECK(answer(spec, {0, 0, 0}).empty());
  spec.none_healthy = dns::NoneHealthy::kLastResort;
  CHECK(answer(spec, {0, 0, 0}) == Sites{kNorth});
}

TEST_CASE("who is not listed is no target, however ill the others are, unless nobody is listed") {
  dns::PolicySpec spec = three(dns::Routing::kFailover);
  CHECK(answer(spec, {1, 1, 1}, kUsers, {0, 1, 1}) == Sites{kWest});
  CHECK(answer(spec, {1, 0, 1}, kUsers, {0, 1, 1}) == Sites{kNorth});
  CHECK(answer(spec, {1, 0, 0}, kUsers, {0, 1, 1}) == Sites{kWest});  // all of the listed count as healthy
  CHECK(answer(spec, {0, 1, 1}, kUsers, {0, 0, 0}) == Sites{kWest});
  spec.routing = dns::Routing::kWeighted;
  CHECK(answer(spec, {1, 1, 1}, kUsers, {0, 0, 1}) == Sites{kNorth});
}

TEST_CASE("several addresses are those that are healthy, in order") {
  dns::PolicySpec spec = three(dns::Routing::kFailover);
  spec.addresses = 2;
  CHECK(answer(spec, {1, 0, 1}) == Sites{kEast, kNorth});
  CHECK(answer(spec, {0, 0, 1}) == Sites{kNorth});
  CHECK(answer(spec, {0, 0, 0}) == Sites{kEast, kWest});
}

TEST_CASE("geo answers by location, and not at all where there is neither that nor a default") {
  dns::PolicySpec spec = three(dns::Routing::kGeo);
  spec.geo = {{}, {}, {}, {1, 2}};
  CHECK(answer(spec, {1, 1, 1}) == Sites{kWest});
  CHECK(answer(spec, {1, 0, 1}) == Sites{kNorth});
  CHECK(answer(spec, {1, 0, 0}) == Sites{kWest});  // the east is not for them
  CHECK(answer(spec, {1, 1, 1}, kEast).empty());
  spec.geo_default = {0};
  CHECK(answer(spec, {1, 1, 1}, kEast) == Sites{kEast});
}

TEST_CASE("latency takes the nearest that is healthy; equally near ones as listed") {
  dns::PolicySpec spec = three(dns::Routing::kLatency);
  const auto ms = [](std::int64_t n) { return sim::milliseconds(n); };
  spec.latency = {{}, {}, {}, {ms(80), ms(20), ms(20)}};
  CHECK(answer(spec, {1, 1, 1}) == Sites{kWest});
  CHECK(answer(spec, {1, 0, 1}) == Sites{kNorth});
  CHECK(answer(spec, {1, 0, 0}) == Sites{kEast});
}

TEST_CASE("weights are shares, of the healthy ones; weight 0 is for when there is no other") {
  dns::PolicySpec spec = three(dns::Routing::kWeighted);
  spec.targets = {{kEast, 3}, {kWest, 1}, {kNorth, 0}};
  const dns::Policy policy{spec};
  sim::Stream draws{5, "policy", "draws"};
  std::size_t east = 0;
  for (int i = 0; i < 4'000; ++i) {
    const dns::Answer answer = policy.answer(kUsers, {1, 1, 1}, {1, 1, 1}, draws);
    REQUIRE(answer.count == 1);
    REQUIRE(answer.addresses[0] != kNorth);
    if (answer.addresses[0] == kEast) ++east;
  }
  CHECK(within_binomial(east, 4'000, 0.75));
  CHECK(answer(spec, {0, 1, 1}) == Sites{kWest});
  CHECK(answer(spec, {0, 0, 1}) == Sites{kNorth});
}

TEST_CASE("where all weights are 0 all targets are alike") {
  dns::PolicySpec spec = three(dns::Routing::kWeighted);
  spec.targets = {{kEast, 0}, {kWest, 0}, {kNorth, 0}};
  const dns::Policy policy{spec};
  sim::Stream draws{6, "policy", "draws"};
  std::size_t west = 0;
  for (int i = 0; i < 3'000; ++i) west += policy.answer(kUsers, {1, 1, 1}, {1, 1, 1}, draws).addresses[0] == kWest;
  CHECK(within_binomial(west, 3'000, 1.0 / 3));
  CHECK(answer(spec, {0, 0, 1}) == Sites{kNorth});
}

}  // namespace parallax::test
