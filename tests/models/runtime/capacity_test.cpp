// Workers in front of gateways, in small worlds.
#include <algorithm>
#include <catch2/catch.hpp>
#include <cstdint>
#include <map>
#include <numeric>
#include <vector>

#include "tests/models/support/deployment.h"
#include "tests/models/support/invariants.h"
#include "tests/models/support/run.h"

namespace parallax::test {
namespace {

using domain::Outcome;

// No token cache and no delay but the links': a call alone takes 10 ms.
world::WorldConfig busy(sim::Duration service, sim::Duration gap) {
  world::WorldConfig config = deployment(1, 1);
  config.sites[0].database.access_time = {};
  config.sites[0].node.gateway.workers = runtime::WorkersSpec{1, sim::Distribution::constant(service), {}, {}};
  add_callers(config, gap);
  return config;
}

struct Ends {
  std::map<Outcome, std::size_t> answered;
  std::size_t timed_out{0};
  sim::Duration shortest{sim::seconds(1'000)};
  sim::Duration longest{};
};

Ends ends_of(const Run& result) {
  Ends ends;
  for_each<domain::RequestFinished>(result.journal, domain::RecordKind::kRequestFinished,
                                    [&](const sim::Record& record, const domain::RequestFinished& request) {
                                      if (request.ending == domain::Ending::kTimedOut) {
                                        ++ends.timed_out;
                                        return;
                                      }
                                      ++ends.answered[request.outcome];
                                      const sim::Duration taken = record.time - request.sent;
                                      ends.shortest = std::min(ends.shortest, taken);
                                      ends.longest = std::max(ends.longest, taken);
                                    });
  return ends;
}

// 100 calls a second, 2 ms each: a call takes its two ways of 5 ms and the service, and waits at times; never as long
// as a second, for which 500 would have to come within a moment.
TEST_CASE("a call takes its worker's service time, and a busy worker's too") {
  const Run result = run(busy(sim::milliseconds(2), sim::milliseconds(10)));
  check_invariants(result);
  const Ends ends = ends_of(result);
  CHECK(ends.shortest == sim::milliseconds(12));
  CHECK(ends.longest > sim::milliseconds(12));
  CHECK(ends.longest < sim::milliseconds(100));
  CHECK(ends.answered.size() == 1);
}

// A worker of 2 ms is free for the next call although backends take a second: they hold none.
TEST_CASE("workers do not wait for backends") {
  world::WorldConfig config = busy(sim::milliseconds(2), sim::milliseconds(10));
  config.sites[0].node.gateway.backend = sim::Distribution::constant(sim::seconds(1));
  const Run result = run(config);
  check_invariants(result);
  CHECK(ends_of(result).timed_out == 0);
  CHECK(ends_of(result).longest < sim::milliseconds(1'100));
}

// 100 come and 50 can be served: half of them find the one place in the queue taken, and hear so after two ways.
TEST_CASE("who finds the queue full is answered at once that nobody is there") {
  world::WorldConfig config = busy(sim::milliseconds(20), sim::milliseconds(10));
  config.sites[0].node.gateway.workers->queue = 1;
  const Run result = run(config);
  check_invariants(result);
  const Ends ends = ends_of(result);
  // Of those who were decided upon all are answered but who is on the way back when the run ends: with 20 ms a service
  // one.
  CHECK(result.findings.decisions - ends.answered.at(Outcome::kAdmitted) <= 1);
  CHECK(ends.timed_out == 0);
  CHECK(ends.shortest == sim::milliseconds(10));
  CHECK(ends.longest <= sim::milliseconds(50));
  // M/D/1 with one place, load 2: an embedded chain at departures. With p0 = e^-2 the chance that nobody comes within a
  // service, the share that is served is 1 / (p0 + 2) = 0.468; 6,000 calls, 3 standard errors of 0.0065 each: 0.02.
  const double served = static_cast<double>(ends.answered.at(Outcome::kAdmitted));
  CHECK(served / (served + static_cast<double>(ends.answered.at(Outcome::kUnavailable))) == Approx(0.468).margin(0.02));
}

// Twice what it can do for a minute, and nobody is refused: the wait grows by a second a second and is 10 s, as long as
// callers wait, after 10 s. What is served from then on is for nobody: of the calls of the 40 s until 10 s before the
// end, some 4,000, all time out.
TEST_CASE("without a limit of the queue all of an overload ends in time-outs") {
  const Run result = run(busy(sim::milliseconds(20), sim::milliseconds(10)));
  check_invariants(result);
  const Ends ends = ends_of(result);
  CHECK(ends.timed_out > 3'500);
  CHECK(ends.longest <= sim::seconds(10));
  CHECK(ends.longest > sim::seconds(9));
}

TEST_CASE("a node's loss takes its queue along, and it starts with none") {
  world::WorldConfig config = busy(sim::milliseconds(20), sim::milliseconds(10));
  config.node_outages.push_back({kDataCenter, 0, sim::VirtualTime{} + sim::seconds(5),
                                 sim::VirtualTime{} + sim::seconds(6), propagation::broker::HostLoss::kPower});
  config.duration = sim::milliseconds(6'500);
  config.populations[0].timeout = sim::seconds(1);
  const Run result = run(config);
  check_invariants(result);
  // In 5 s 500 calls have come and 250 were served; the queue of some 250, 5 s long, is gone. In the half second after
  // the return nobody who is answered has waited longer than that.
  for_each<domain::RequestFinished>(result.journal, domain::RecordKind::kRequestFinished,
                                    [](const sim::Record& record, const domain::RequestFinished& request) {
                                      if (record.time < sim::VirtualTime{} + sim::milliseconds(6'020)) return;
                                      if (request.ending == domain::Ending::kTimedOut) return;
                                      CHECK(record.time - request.sent < sim::milliseconds(520));
                                    });
}

// As many sessions as tokens; a question takes a worker 20 ms, so that one answers 50 a second. 100 calls a second come
// on average to one of 1,000 cold sessions: while C are cached the share C / 1,000 of the calls needs no question. Of
// the others 50 a second get an answer and are cached, the rest finds the queue of 10 full and hears so at once.
world::WorldConfig cold(std::uint32_t workers, std::uint64_t seed = 1) {
  world::WorldConfig config = deployment(1, seed);
  config.sites[0].node.key_manager_workers =
      runtime::WorkersSpec{workers, sim::Distribution::constant(sim::milliseconds(20)), 10, {}};
  config.sites[0].node.validations_take_workers = true;
  config.catalog.tokens = 1'000;
  add_callers(config, sim::milliseconds(10));
  config.duration = sim::seconds(60);
  return config;
}

const audit::WorkersFinding& key_manager_of(const Run& result) {
  const auto& all = result.findings.capacity.workers;
  const auto found =
      std::find_if(all.begin(), all.end(), [](const auto& w) { return w.role == domain::WorkersRole::kKeyManager; });
  REQUIRE(found != all.end());
  return *found;
}

// Those who are answered leave the others to it: C grows by 50 a second until no more than 50 questions a second come,
// at C = 500 after 10 s. Till then 100 (1 - C / 1,000) - 50 a second are refused, 50 falling to 0: 250 in all; then C
// goes on by 100 (1 - C / 1,000), so that at random moments more than 50 still come. Poisson: 250 +- 3 sqrt(500), and
// some more.
TEST_CASE("questions about tokens take workers, and cold caches want more of them than there are") {
  const Run result = run(cold(1));
  check_invariants(result);
  const audit::WorkersFinding& workers = key_manager_of(result);
  CHECK(workers.refused > 150);
  CHECK(workers.refused < 400);
  CHECK(workers.queue == 10);
  CHECK(workers.busy[3] > 900'000'000);
  const Ends ends = ends_of(result);
  CHECK(ends.answered.at(Outcome::kUnavailable) == workers.refused);
  // The last to be heard are 10 places and one service away: two ways of 5 ms, 11 x 20 ms, the database's 2 ms.
  CHECK(ends.longest <= sim::milliseconds(10 + 220 + 2));
}

TEST_CASE("with enough workers a cold start is only work") {
  const Run result = run(cold(4));
  check_invariants(result);
  CHECK(key_manager_of(result).refused == 0);
  CHECK(ends_of(result).answered.size() == 1);
}

// Every question is one about a token, for nobody asks for one: the load is what came to the workers. A miss is a
// question and a statement, and nothing else asks the database.
TEST_CASE("what a key manager and its database are asked adds up to what came to the workers") {
  for (std::uint64_t seed = 1; seed <= 10; ++seed) {
    const Run result = run(cold(1 + static_cast<std::uint32_t>(seed) % 4, seed));
    check_invariants(result);
    const auto& load = result.findings.capacity.loads.at(0);
    const auto sum = [](const std::vector<std::uint32_t>& seconds) {
      return std::accumulate(seconds.begin(), seconds.end(), std::uint64_t{0});
    };
    const audit::WorkersFinding& workers = key_manager_of(result);
    CHECK(sum(load.key_managers) == workers.arrived);
    // Who has just been served may be on the way to the database yet, which is a millisecond away.
    CHECK(sum(load.database) <= workers.served);
    CHECK(sum(load.database) + 1 >= workers.served);
  }
}

// One node is a key manager and two are gateways alone. While it is away nobody can say, and all calls for tokens that
// are not cached are answered at once; its return brings them answers again.
TEST_CASE("gateways without a key manager of their own ask those that are ready") {
  world::WorldConfig config = cold(4);
  config.sites[0].nodes = {"a", "b", "c"};
  using runtime::Part;
  const runtime::PartSet gateway{Part::kGateway, Part::kTrafficManager};
  config.sites[0].parts = {gateway, gateway, {Part::kKeyManager, Part::kControlPlane}};
  const Run before = run(config);
  check_invariants(before);
  CHECK(key_manager_of(before).node == domain::NodeId{2});
  CHECK(key_manager_of(before).arrived > 900);
  CHECK(ends_of(before).answered.size() == 1);

  config.node_outages.push_back({kDataCenter, 2, sim::VirtualTime{} + sim::seconds(1),
                                 sim::VirtualTime{} + sim::seconds(2), propagation::broker::HostLoss::kPower});
  const Run after = run(config);
  check_invariants(after);
  // A second of 100 calls, nearly all cold.
  CHECK(ends_of(after).answered.at(Outcome::kUnavailable) > 50);
  CHECK(ends_of(after).answered.at(Outcome::kUnavailable) < 150);
}

// Of 1,000 questions in 60 s most come in the first seconds; the node is lost at 30 s, and with it its cache.
TEST_CASE("the peak after a fault stands against the mean of the seconds before it") {
  world::WorldConfig config = cold(400);
  config.node_outages.push_back({kDataCenter, 0, sim::VirtualTime{} + sim::milliseconds(30'500),
                                 sim::VirtualTime{} + sim::seconds(31), propagation::broker::HostLoss::kPower});
  const Run result = run(config);
  check_invariants(result);
  REQUIRE(result.findings.capacity.key_manager_peak);
  const audit::PeakFinding& peak = *result.findings.capacity.key_manager_peak;
  const auto& seconds = result.findings.capacity.loads.at(0).key_managers;
  const auto fault = seconds.begin() + 30;
  CHECK(peak.mean_before == Approx(static_cast<double>(std::accumulate(seconds.begin(), fault, 0U)) / 30));
  CHECK(peak.peak == *std::max_element(fault, seconds.end()));
  // 1,000 (1 - e^-3) = 950 sessions have come in 30 s, 31.7 a second. Then the cache is cold and 100 calls a second
  // come: some 96 of them in the first whole second, Poisson: the greatest of a few seconds is within 3 sqrt(96) of
  // that.
  CHECK(peak.mean_before == Approx(31.7).margin(2));
  CHECK(peak.peak > 66);
  CHECK(peak.peak < 126);
  CHECK(peak.second >= 31);
}

TEST_CASE("where nobody counts workers nobody counts anything") {
  world::WorldConfig config = deployment(1, 1);
  add_callers(config, sim::milliseconds(10));
  const Run result = run(config);
  CHECK(result.findings.capacity.workers.empty());
  CHECK(result.findings.capacity.loads.empty());
  CHECK_FALSE(result.findings.capacity.key_manager_peak);
  const bool has_none = std::none_of(result.journal.begin(), result.journal.end(), [](const sim::Record& record) {
    return domain::kind_of(record.body) >= domain::RecordKind::kWorkersSecond;
  });
  CHECK(has_none);
}

}  // namespace
}  // namespace parallax::test
