// Connections that are refused for a certificate: those that are opened meanwhile, and no others. Each way takes 40 ms,
// so the SYN-ACK of a connection that is opened at t comes at t + 80 ms, and the certificate that it ends with at t +
// 160 ms.
#include <catch2/catch.hpp>
#include <cstdint>
#include <vector>

#include "tests/sim/connected_pair.h"

namespace parallax::sim {
namespace {

using namespace connected_pair;

constexpr std::int64_t kForEver = 1'000'000;

std::vector<Spell> from_until(VirtualTime from, VirtualTime until) { return {{from, until}}; }

std::vector<Refusal> refused(std::int64_t from, std::int64_t until) {
  return {{kClient, kServer, 0, from_until(at_ms(from), at_ms(until))}};
}

World world_with(const std::vector<Refusal>& refusals, const ConnectionSpec& spec = exact(),
                 const std::vector<Cut>& cuts = {}) {
  return World{spec, cuts, Distribution::constant(milliseconds(40)), 0, refusals};
}

/// Whether a connection that is opened at 100 ms, whose SYN-ACK comes at 180 ms, is refused.
bool is_refused(const std::vector<Spell>& spells) {
  World world = world_with({{kClient, kServer, 0, spells}});
  world.connect_at(100);
  world.run(5'000);
  CHECK(world.simulation.touched()[0] == world.at_client.closes.size());
  CHECK(world.client().is_open() == world.at_client.closes.empty());
  return !world.at_client.closes.empty();
}

}  // namespace

TEST_CASE("a refused connection fails two round trips after its beginning, and its server's owner hears nothing") {
  for (const std::uint32_t round_trips : {1U, 2U, 5U}) {
    ConnectionSpec spec = exact();
    spec.handshake_round_trips = round_trips;
    World world = world_with(refused(0, kForEver), spec);
    world.connect_at(100);
    world.connect_at(1'000);
    world.run(5'000);
    CHECK(world.at_client.opens.empty());
    CHECK(world.at_client.closes == Closes{{260, Closed::kHandshake}, {1'160, Closed::kHandshake}});
    CHECK(world.at_server.opens.empty());
    CHECK(world.at_server.closes.empty());
    CHECK(world.simulation.touched() == std::vector<std::uint64_t>{2});
  }
}

TEST_CASE("a connection that is open lives on, and is refused only when it has to be opened again") {
  World quiet = world_with(refused(1'000, 9'000));
  quiet.connect_at(0);
  quiet.send_at(2'000, 1);
  quiet.run(20'000);
  CHECK(quiet.arrived == Arrivals{{2'040, 1}});
  CHECK(quiet.client().is_open());
  CHECK(quiet.simulation.touched() == std::vector<std::uint64_t>{0});

  World again = world_with(refused(1'000, 9'000));
  again.connect_at(0);
  again.client_at(2'000, [&] {
    again.client().close();
    again.client().connect();
  });
  again.connect_at(10'000);
  again.run(20'000);
  CHECK(again.at_client.closes == Closes{{2'160, Closed::kHandshake}});
  CHECK(again.at_client.opens == std::vector<std::int64_t>{80, 10'080});
  CHECK(again.simulation.touched() == std::vector<std::uint64_t>{1});
}

TEST_CASE("what counts is the instant at which the client would say hello, to the nanosecond") {
  const VirtualTime hello = at_ms(180);
  const Duration tick{1};
  CHECK(is_refused(from_until(hello, hello + tick)));
  CHECK(is_refused(from_until(at_ms(0), hello + tick)));
  CHECK_FALSE(is_refused(from_until(at_ms(0), hello)));
  CHECK_FALSE(is_refused(from_until(hello + tick, at_ms(kForEver))));
  CHECK_FALSE(is_refused({{at_ms(0), hello}, {hello + tick, at_ms(kForEver)}}));
  CHECK(is_refused({{at_ms(0), at_ms(1)}, {at_ms(2), hello}, {hello, hello + tick}}));
}

TEST_CASE("of several faults the one that began first is charged, and the one that is listed first of equal ones") {
  const auto touched_by = [](std::int64_t first_from, std::int64_t second_from) {
    World world = world_with({{kClient, kServer, 0, from_until(at_ms(first_from), at_ms(kForEver))},
                              {kClient, kServer, 1, from_until(at_ms(second_from), at_ms(kForEver))}});
    world.connect_at(100);
    world.run(5'000);
    return world.simulation.touched();
  };
  CHECK(touched_by(10, 20) == std::vector<std::uint64_t>{1, 0});
  CHECK(touched_by(20, 10) == std::vector<std::uint64_t>{0, 1});
  CHECK(touched_by(10, 10) == std::vector<std::uint64_t>{1, 0});
  CHECK(touched_by(1'000, 10) == std::vector<std::uint64_t>{0, 1});
}

TEST_CASE("who looks at no certificate is let in, as is who connects the other way, and datagrams pass") {
  ConnectionSpec spec = exact();
  spec.certificates = Certificates::kIgnored;
  World ignoring = world_with(refused(0, kForEver), spec);
  ignoring.connect_at(100);
  ignoring.run(5'000);
  CHECK(ignoring.client().is_open());

  World other_way = world_with({{kServer, kClient, 0, from_until(at_ms(0), at_ms(kForEver))}});
  other_way.connect_at(100);
  other_way.run(5'000);
  CHECK(other_way.client().is_open());

  spec = exact();
  spec.transport = Transport::kDatagram;
  World datagrams = world_with(refused(0, kForEver), spec);
  datagrams.send_at(100, 1);
  datagrams.run(5'000);
  CHECK(datagrams.arrived == Arrivals{{140, 1}});
  CHECK(datagrams.simulation.touched() == std::vector<std::uint64_t>{0});
}

// SYN at 0 s lost, at 1 s too; the one at 2 s gets through: hello at 2,080, the certificate at 2,160.
TEST_CASE("a cut comes before a refusal: nobody hears of a certificate who hears nothing") {
  World world = world_with(refused(0, kForEver), exact(), both_ways(0, 1'500));
  world.connect_at(0);
  world.run(5'000);
  CHECK(world.at_client.closes == Closes{{2'160, Closed::kHandshake}});
}

}  // namespace parallax::sim
