// Clients keep books: every request sent is answered, timed out or in flight, whatever the network does to it; and what
// the balancer does with their calls.
#include <array>
#include <catch2/catch.hpp>
#include <cmath>
#include <map>
#include <optional>

#include "tests/models/support/deployment.h"
#include "tests/models/support/invariants.h"
#include "tests/models/support/run.h"
#include "tests/models/support/statistics.h"

namespace parallax::test {
namespace {

using domain::Ending;
using domain::PopulationId;
using domain::RequestFinished;

template <typename Visitor>
void for_each_finished(const Run& run, Visitor&& visit) {
  for_each<RequestFinished>(run.journal, domain::RecordKind::kRequestFinished, visit);
}

domain::PopulationClosed books_of(const Run& run, PopulationId population) {
  std::optional<domain::PopulationClosed> found;
  for_each<domain::PopulationClosed>(run.journal, domain::RecordKind::kPopulationClosed,
                                     [&](const sim::Record&, const domain::PopulationClosed& books) {
                                       if (books.population == population) found = books;
                                     });
  REQUIRE(found);
  return *found;
}

// Two populations of 100 and 40 calls a second, a minute long.
world::WorldConfig two_populations(std::uint64_t seed) {
  world::WorldConfig config = deployment(2, seed);
  config.catalog.tokens = 100;
  add_callers(config, sim::milliseconds(10));
  add_callers(config, sim::milliseconds(25));
  return config;
}

// Poisson: 6000 and 2400 calls, each within 2.58 roots of its mean.
TEST_CASE("without faults every call is answered, but for those in flight at the end") {
  const Run result = run(two_populations(1));
  const auto first = books_of(result, PopulationId{0});
  const auto second = books_of(result, PopulationId{1});
  CHECK(first.timed_out + second.timed_out == 0);
  CHECK(first.in_flight + second.in_flight < 20);  // 12 ms at 140 a second: 1.7 on average
  CHECK(std::abs(static_cast<double>(first.sent) - 6'000) < 2.58 * 77.5);
  CHECK(std::abs(static_cast<double>(second.sent) - 2'400) < 2.58 * 49);
  check_invariants(result);
}

// A call is answered if neither it nor the answer is lost: 0.7 * 0.7.
TEST_CASE("the books balance where each link loses 30 % of the messages") {
  world::WorldConfig config = two_populations(2);
  for (sim::LinkSpec& link : config.links) link.loss = 0.3;
  const Run result = run(config);
  std::map<PopulationId, std::array<std::size_t, 2>> finished;  // by Ending, of calls that had time to end either way
  for_each_finished(result, [&](const sim::Record&, const RequestFinished& request) {
    if (request.sent + sim::seconds(10) >= result.end()) return;
    ++finished[request.population][static_cast<std::size_t>(request.ending)];
  });
  for (const PopulationId population : {PopulationId{0}, PopulationId{1}}) {
    const auto [answered, timed_out] = finished[population];
    CHECK(within_binomial(answered, answered + timed_out, 0.49));
    CHECK(books_of(result, population).in_flight > 0);  // lost, and not given up yet
  }
  check_invariants(result);
}

// The link to the data center is down in [20 s, 40 s). What has entered it before arrives.
TEST_CASE("the books balance over an outage, and exactly the calls sent in it time out") {
  world::WorldConfig config = two_populations(3);
  config.outages = {{sim::LinkId{0}, sim::VirtualTime{} + sim::seconds(20), sim::VirtualTime{} + sim::seconds(40), 0}};
  config.stage_of_fault = {domain::Stage::kLinkDown};
  const Run result = run(config);
  std::uint64_t timed_out = 0;
  for_each_finished(result, [&](const sim::Record&, const RequestFinished& request) {
    const bool in_outage = request.sent.ns >= sim::seconds(20).ns && request.sent.ns < sim::seconds(40).ns;
    CHECK(in_outage == (request.ending == Ending::kTimedOut));
    timed_out += in_outage;
  });
  CHECK(timed_out > 2'000);  // 20 s at 140 a second
  CHECK(result.findings.unavailable_seconds == 20);
  CHECK(result.findings.failed_requests == timed_out);
  check_invariants(result);
}

TEST_CASE("the books balance under loss, an outage and tokens that expire at once") {
  world::WorldConfig config = two_populations(4);
  for (sim::LinkSpec& link : config.links) link.loss = 0.3;
  config.outages = {{sim::LinkId{1}, sim::VirtualTime{} + sim::seconds(20), sim::VirtualTime{} + sim::seconds(40), 0}};
  config.stage_of_fault = {domain::Stage::kLinkDown};
  config.catalog.token_validity = sim::seconds(5);
  config.sites[0].node.token_validity = sim::seconds(5);
  config.populations[0].timeout = sim::seconds(2);
  check_invariants(run(config));
}

// The way back takes up to 4 s. A call is answered if that is under 2 s less the 5 ms there: 1.995 / 4, but for the
// few misses that take 2 ms more.
TEST_CASE("a client gives up exactly its time-out after the call, and no answer comes later") {
  world::WorldConfig config = two_populations(5);
  config.links[1].delay = sim::Distribution::uniform({}, sim::seconds(4));
  config.populations[0].timeout = sim::seconds(2);
  const Run result = run(config);
  std::size_t calls = 0;
  std::size_t answered = 0;
  for_each_finished(result, [&](const sim::Record& record, const RequestFinished& request) {
    if (request.population != PopulationId{0}) return;
    const sim::Duration waited = record.time - request.sent;
    if (request.ending == Ending::kTimedOut) {
      CHECK(waited == sim::seconds(2));
    } else {
      CHECK(waited <= sim::seconds(2));
    }
    if (request.sent + sim::seconds(2) >= result.end()) return;  // could only have been answered yet
    ++calls;
    answered += request.ending == Ending::kAnswered;
  });
  CHECK(within_binomial(answered, calls, 1.995 / 4));
  check_invariants(result);
}

// Without a cache and a database that takes time, decisions come in the order of the calls.
TEST_CASE("the balancer takes the nodes in turn, whoever calls") {
  world::WorldConfig config = two_populations(6);
  config.sites[0].nodes.push_back("third");
  config.sites[0].database.access_time = {};
  const Run result = run(config);
  std::size_t next = 0;
  for_each_decision(result, [&](const sim::Record&, const domain::RequestDecided& d) {
    CHECK(domain::index(d.node) == next);
    next = (next + 1) % 3;
  });
}

// Zipf with exponent 1 over three sessions: 1, 1/2, 1/3, so 6, 3 and 2 of 11 calls.
TEST_CASE("sessions are called by Zipf's law") {
  std::map<domain::TokenId, std::size_t> calls;
  std::size_t all = 0;
  for (std::uint64_t seed = 1; seed <= 10; ++seed) {
    world::WorldConfig config = deployment(2, seed);
    config.catalog.tokens = 3;
    add_callers(config, sim::milliseconds(10));
    config.populations[0].token_popularity = 1;
    const Run result = run(config);
    for_each_decision(result, [&](const sim::Record&, const domain::RequestDecided& d) { ++calls[d.token]; });
    all += result.findings.decisions;
  }
  CHECK(within_binomial(calls[domain::TokenId{0}], all, 6.0 / 11));
  CHECK(within_binomial(calls[domain::TokenId{1}], all, 3.0 / 11));
  CHECK(within_binomial(calls[domain::TokenId{2}], all, 2.0 / 11));
}

TEST_CASE("a session calls each API that it is subscribed to as often") {
  world::WorldConfig config = deployment(1, 8);
  config.catalog.apis = 3;
  config.catalog.subscriptions_per_application = 3;
  add_callers(config, sim::milliseconds(10));
  const Run result = run(config);
  std::map<domain::ApiId, std::size_t> calls;
  for_each_decision(result, [&](const sim::Record&, const domain::RequestDecided& d) { ++calls[d.api]; });
  REQUIRE(calls.size() == 3);
  for (const auto& [api, count] : calls) CHECK(within_binomial(count, result.findings.decisions, 1.0 / 3));
}

// Gaps that are Poisson: exponential, so P(gap <= x) = 1 - e^(-x / mean). Calls are seen when they are answered; a
// cached answer takes 10 ms for all, so the gaps are those of the calls.
TEST_CASE("calls come as a Poisson process") {
  world::WorldConfig config = deployment(1, 9);
  config.sites[0].database.access_time = {};
  add_callers(config, sim::milliseconds(50));
  const Run result = run(config);
  std::vector<double> gaps;
  std::optional<sim::VirtualTime> last;
  for_each_decision(result, [&](const sim::Record& record, const domain::RequestDecided&) {
    if (last) gaps.push_back(static_cast<double>((record.time - *last).ns) / 1e9);
    last = record.time;
  });
  REQUIRE(gaps.size() > 1'000);
  CHECK(kolmogorov_distance(gaps, [](double x) { return 1 - std::exp(-x / 0.05); }) < kolmogorov_critical(gaps.size()));
}

}  // namespace
}  // namespace parallax::test
