// Publishing by web-service calls, one gateway after the other.
#include "models/propagation/artifacts/called_publishing.h"
#include <algorithm>
#include <array>
#include <iterator>
#include <memory>

#include "models/propagation/artifacts/poller.h"
#include "tests/models/propagation/artifacts/sites.h"

namespace parallax::propagation::artifacts {
namespace {

using namespace testing;

/// A publisher at data center 0; a gateway at data center 1, then one at 2.
struct ByCalls {
  explicit ByCalls(const std::vector<Cut>& cuts = {}, const CallSpec& spec = {}) : sites{cuts} {
    std::vector<CalledTarget> targets;
    for (const int site : {1, 2}) {
      gateways.push_back(&sites.gateway(site));
      sinks.push_back(std::make_unique<Deployment>(*gateways.back()));
      targets.push_back({gateways.back()->place(), &power[static_cast<std::size_t>(site) - 1], sinks.back().get()});
    }
    publisher = std::make_unique<CalledPublishing>(sites.place(0), "publisher", spec, targets,
                                                   std::vector<Stage>{Stage::kLinkDown});
  }
  void publish_at(std::int64_t ms, std::uint32_t n) {
    sites.at(0, ms, [this, n] { publisher->publish(sites.publish(kApi, n)); });
  }

  Sites sites;
  sim::Power power[2];
  std::vector<Gateway*> gateways;
  std::vector<std::unique_ptr<Deployment>> sinks;
  std::unique_ptr<CalledPublishing> publisher;
};

// Handshake of TCP and TLS: 3 x 80 ms; then 40 ms there. The answer is back after 320 ms, and the second call begins.
TEST_CASE(
    "a gateway has it a handshake and a way after its call began, which was when the one before it had answered") {
  ByCalls world;
  world.publish_at(10'000, 1);
  world.sites.run(60'000);
  check_pieces(world.sites.trip(*world.gateways[0], kApi, 1), {{kTransfer, milliseconds(280)}});
  check_pieces(world.sites.trip(*world.gateways[1], kApi, 1), {{kTransfer, milliseconds(320 + 280)}});
}

/// When Linux has sent its SYNs, in seconds: five times after a second (tcp_syn_linear_timeouts 4), then after twice as
/// long each time. Its timer wheel lets a long timer run out up to an eighth later.
constexpr std::array kSyns{0, 1, 2, 3, 4, 5, 7, 11, 19, 35};

/// From the beginning of a call that finds no way for `cut` s to the gateway's having it.
bool is_tried_after(sim::Duration cut, sim::Duration window) {
  const auto next = std::find_if(kSyns.begin(), kSyns.end(), [&](int s) { return seconds(s) >= cut; });
  REQUIRE(next != kSyns.end());
  // A try that the wheel has made late may be the first after the heal in the place of the next.
  const sim::Duration before = next == kSyns.begin() ? seconds(0) : std::max(cut, seconds(*std::prev(next)));
  const sim::Duration tried = window - milliseconds(280);
  return before <= tried && tried.ns <= seconds(*next).ns * 9 / 8;
}

// Published at 290 s, 30 s before the heal. The gateway behind it waits as long.
TEST_CASE("a call that finds no way goes through when TCP tries again after the heal") {
  ByCalls world{{{1, 200'000, 320'000}}};
  world.publish_at(290'000, 1);
  world.sites.run(600'000);
  const Trip& first = world.sites.trip(*world.gateways[0], kApi, 1);
  CHECK(is_tried_after(seconds(30), first.window()));
  check_pieces(first, {{Stage::kLinkDown, first.window()}});
  check_pieces(world.sites.trip(*world.gateways[1], kApi, 1), {{kTransfer, first.window() + milliseconds(40 + 280)}});
}

// Given up at 270 s, 60 s after it began, and nobody calls that gateway again; the other has it.
TEST_CASE("a call that takes too long has failed, and the API is published by half") {
  ByCalls world{{{1, 200'000, 320'000}}};
  world.publish_at(210'000, 1);
  world.publish_at(400'000, 2);
  world.sites.run(600'000);
  REQUIRE(world.gateways[0]->served.size() == 1);
  CHECK(world.gateways[0]->served[0].revision == 2);
  check_pieces(world.sites.trip(*world.gateways[1], kApi, 1), {{kTransfer, milliseconds(60'000 + 280)}});
}

TEST_CASE("a gateway without power answers nobody, and the next one has it a time-out later") {
  ByCalls world;
  world.sites.at(1, 5'000, [&] {
    world.power[0].fail(world.sites.site(1).now());
    world.publisher->target_lost(0, broker::HostLoss::kPower);
  });
  world.publish_at(10'000, 1);
  world.sites.run(200'000);
  CHECK(world.gateways[0]->served.empty());
  check_pieces(world.sites.trip(*world.gateways[1], kApi, 1), {{kTransfer, milliseconds(60'000 + 280)}});
}

// The connection is refused in a round trip.
TEST_CASE("a gateway whose process has ended refuses, and the next one has it as soon") {
  ByCalls world;
  world.sites.at(1, 5'000, [&] {
    world.power[0].fail(world.sites.site(1).now());
    world.publisher->target_lost(0, broker::HostLoss::kProcess);
  });
  world.publish_at(10'000, 1);
  world.sites.run(200'000);
  CHECK(world.gateways[0]->served.empty());
  check_pieces(world.sites.trip(*world.gateways[1], kApi, 1), {{kTransfer, milliseconds(80 + 280)}});
}

// Published at once, ten wait for each other: the n-th begins 640 ms after the one before it.
TEST_CASE("what is published together is called for one after the other") {
  ByCalls world;
  for (std::uint32_t n = 1; n <= 10; ++n) world.publish_at(10'000, n);
  world.sites.run(60'000);
  REQUIRE(world.gateways[0]->served.size() == 10);
  for (std::int64_t n = 0; n < 10; ++n) {
    CHECK(world.gateways[0]->served[static_cast<std::size_t>(n)].ms == 10'000 + 640 * n + 280);
  }
}

// A cut of 20 s in each two minutes, and publications at each of a thousand phases of the first of them: the window is
// TCP's first try after the heal, whatever is left of the cut.
TEST_CASE("over all phases of a cut the window is that of TCP's first try after the heal") {
  constexpr std::int64_t kRounds = 1'000;
  std::vector<Cut> cuts;
  for (std::int64_t n = 0; n < kRounds; ++n) cuts.push_back({1, n * 120'000 + 30'000, n * 120'000 + 50'000});
  ByCalls world{cuts};
  const auto phase = [](std::int64_t n) { return n * 7'919 % 60'000; };  // a prime: each once
  for (std::int64_t n = 0; n < kRounds; ++n)
    world.publish_at(n * 120'000 + phase(n), static_cast<std::uint32_t>(n + 1));
  world.sites.run(kRounds * 120'000 + 120'000);
  std::size_t cut_off = 0;
  for (std::int64_t n = 0; n < kRounds; ++n) {
    const Trip& trip = world.sites.trip(*world.gateways[0], kApi, static_cast<std::uint32_t>(n + 1));
    if (phase(n) >= 30'000 && phase(n) < 50'000) {
      ++cut_off;
      CHECK(is_tried_after(milliseconds(50'000 - phase(n)), trip.window()));
      check_pieces(trip, {{Stage::kLinkDown, trip.window()}});
    } else if (phase(n) <= 29'720 || phase(n) >= 50'000) {
      check_pieces(trip, {{kTransfer, milliseconds(280)}});
    }
  }
  CHECK(cut_off > 300);
}

}  // namespace
}  // namespace parallax::propagation::artifacts
