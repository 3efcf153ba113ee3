// Workers in front of gateways, in small worlds.
#include <algorithm>
#include <catch2/catch.hpp>
#include <cstdint>
#include <map>

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

}  // namespace
}  // namespace parallax::test
