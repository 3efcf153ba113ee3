// Whatever the network does: an event that a broker passed on to a subscriber whose connection lived until it came is
// acted upon once and in order, and every other one is told to be lost.
#include <catch2/catch.hpp>
#include <map>
#include <set>
#include <tuple>

#include "models/propagation/broker/bridge.h"
#include "models/propagation/broker/sender.h"
#include "tests/models/propagation/broker/nodes.h"
#include "tests/support/checked_property.h"

namespace parallax::propagation::broker {
namespace {

using namespace testing;
using domain::EventLoss;
using parallax::testing::check;
using parallax::testing::pick;

constexpr std::int64_t kEvents = 120;
constexpr std::int64_t kLastPublished = 12'000;

struct World {
  std::uint64_t seed;
  std::vector<Cut> cuts;
  sim::Distribution way;
  double loss;
  SubscriberSpec spec;
  std::vector<std::int64_t> published;   ///< event i + 1 at this ms
  std::vector<std::int64_t> restarts{};  ///< of the subscriber's host
};

World any_world() {
  World world;
  world.seed = *rc::gen::arbitrary<std::uint64_t>();
  for (int cuts = pick(0, 5); cuts > 0; --cuts) {
    const auto from = pick<std::int64_t>(0, 12'000);
    world.cuts.push_back({1, from, from + *rc::gen::element<std::int64_t>(5, 100, 1'000, 4'000)});
  }
  const auto delay = sim::milliseconds(pick<std::int64_t>(1, 60));
  world.way = pick(0, 2) == 0 ? sim::Distribution::constant(delay) : sim::Distribution::uniform(delay, 2 * delay);
  world.loss = *rc::gen::element(0.0, 0.0, 0.02);
  world.spec = plain();
  world.spec.connection.messages_per_packet = *rc::gen::element(0U, 6U);
  world.spec.reconnect.initial_pause = sim::milliseconds(pick<std::int64_t>(10, 2'000));
  world.spec.event_waiting = *rc::gen::element(sim::Duration{}, sim::milliseconds(30));
  for (std::int64_t i = 0; i < kEvents; ++i) world.published.push_back(pick<std::int64_t>(0, kLastPublished));
  std::sort(world.published.begin(), world.published.end());
  return world;
}

struct Outcome {
  std::vector<std::uint64_t> acted;
  std::vector<std::uint32_t> receivers;
  std::map<std::uint64_t, EventLoss> lost;
  std::size_t losses;
  std::size_t connects;
};

Outcome run(const World& world) {
  Centers centers{world.cuts, world.seed, world.way, world.loss};
  sim::Power power;
  Broker& broker = centers.broker_at(0);
  const Host& host = centers.subscribe(1, world.spec, {&broker});
  for (std::size_t i = 0; i < world.published.size(); ++i) {
    centers.publish_at(world.published[i], broker, i + 1);
  }
  for (const std::int64_t ms : world.restarts) {
    centers.at(1, ms, [&] {
      power.fail(centers.site(1).now());
      centers.subscribers[0]->lost();
    });
    centers.at(1, ms + 300, [&] {
      power.restore();
      centers.subscribers[0]->restored();
    });
  }
  // Longer than TCP tries: whatever is under way is delivered or given up by then.
  centers.run(kLastPublished + 1'200'000);
  Outcome outcome{{}, centers.receivers, {}, centers.lost.size(), host.connects.size()};
  for (const auto& [ms, event] : host.acted) outcome.acted.push_back(event);
  for (const auto& lost : centers.lost) outcome.lost.emplace(lost.event, lost.why);
  return outcome;
}

// An event may have come although its connection was given up before it was acknowledged.
void check_books(const Outcome& outcome) {
  const std::set<std::uint64_t> acted{outcome.acted.begin(), outcome.acted.end()};
  RC_ASSERT(acted.size() == outcome.acted.size());                        // once
  RC_ASSERT(std::is_sorted(outcome.acted.begin(), outcome.acted.end()));  // in order
  RC_ASSERT(outcome.lost.size() == outcome.losses);                       // told once
  RC_ASSERT(outcome.receivers.size() == static_cast<std::size_t>(kEvents));
  for (std::uint64_t event = 1; event <= static_cast<std::uint64_t>(kEvents); ++event) {
    const bool was_passed_on = outcome.receivers[event - 1] == 1;
    const bool has_come = acted.count(event) > 0;
    const auto lost = outcome.lost.find(event);
    const bool is_lost = lost != outcome.lost.end();
    RC_ASSERT(has_come || is_lost);
    if (!was_passed_on) RC_ASSERT(is_lost && !has_come && lost->second == EventLoss::kNotSubscribed);
    if (was_passed_on && is_lost) RC_ASSERT(lost->second != EventLoss::kNotSubscribed);
    if (has_come && is_lost) RC_ASSERT(lost->second == EventLoss::kUnacknowledged);
  }
}

TEST_CASE("while nobody gives a connection up, every event passed on comes once and in order") {
  std::size_t came = 0;
  check("no loss", 300, [&came] {
    const Outcome outcome = run(any_world());
    check_books(outcome);
    for (const auto& [event, why] : outcome.lost) RC_ASSERT(why == EventLoss::kNotSubscribed);
    RC_ASSERT(outcome.connects == 1U);
    came += outcome.acted.size();
  });
  CHECK(came > 25'000);
}

TEST_CASE("with signs of life and restarts every event comes, in order and at most once, or is told to be lost") {
  std::size_t came = 0;
  std::size_t connects = 0;
  std::map<EventLoss, std::size_t> losses;
  check("delivered or lost", 300, [&] {
    World world = any_world();
    const auto asks = sim::milliseconds(pick<std::int64_t>(400, 1'500));
    world.spec.liveness = LivenessSpec{asks, asks};
    for (int restarts = pick(0, 3); restarts > 0; --restarts) {
      world.restarts.push_back(4'000 * restarts + pick<std::int64_t>(0, 3'000));
    }
    const Outcome outcome = run(world);
    check_books(outcome);
    came += outcome.acted.size();
    connects += outcome.connects;
    for (const auto& [event, why] : outcome.lost) ++losses[why];
  });
  CHECK(came > 15'000);
  CHECK(connects > 500);
  CHECK(losses[EventLoss::kNotSubscribed] > 1'000);
  CHECK(losses[EventLoss::kUnacknowledged] > 100);
  CHECK(losses[EventLoss::kHostDown] > 10);
}

/// Three brokers that bridge to each other, with 20 subscribers each in other data centers that fail over.
struct Crowd {
  explicit Crowd(unsigned threads) : centers{spec(threads)} {
    for (int i = 0; i < 3; ++i) centers.broker_at(i);
    SubscriberSpec subscriber = plain();
    subscriber.liveness = LivenessSpec{sim::milliseconds(300), sim::milliseconds(300)};
    subscriber.event_waiting = sim::milliseconds(1);
    subscriber.event_ids_remembered = 50;
    subscriber.reconnect.patience = sim::milliseconds(400);
    subscriber.reconnect.initial_pause = sim::milliseconds(50);
    for (int i = 0; i < 60; ++i) {
      centers.subscribe((i + 1) % 3, subscriber, {&broker(i % 3), &broker((i + 1) % 3)});
    }
    for (int from = 0; from < 3; ++from) bridge(from);
  }

  static sim::SimulationSpec spec(unsigned threads) {
    sim::SimulationSpec spec =
        three_centers({{1, 300, 1'500}, {2, 900, 1'000}}, 7,
                      sim::Distribution::uniform(sim::milliseconds(20), sim::milliseconds(40)), 0.01);
    spec.threads = threads;
    return spec;
  }

  Broker& broker(int i) { return *centers.brokers[static_cast<std::size_t>(i)]; }

  void bridge(int from) {
    std::vector<Sender*> targets;
    SenderSpec spec;
    spec.when_down = WhenDown::kRetry;
    for (const int to : {(from + 1) % 3, (from + 2) % 3}) {
      senders.push_back(std::make_unique<Sender>(centers.site(from), centers.on, domain::NodeId{9},
                                                 "sender " + std::to_string(senders.size()), spec, broker(to)));
      targets.push_back(senders.back().get());
      centers.at(from, 0, [sender = targets.back()] { sender->start(); });
    }
    bridges.push_back(std::make_unique<Bridge>(broker(from), BridgeSpec{}, targets));
    for (std::int64_t i = 1; i < 200; ++i) {
      centers.at(from, 10 * i, [this, from, i] {
        broker(from).publish(Centers::event(static_cast<std::uint64_t>(1'000 * from + i), centers.site(from)));
      });
    }
  }

  Centers centers;
  std::vector<std::unique_ptr<Sender>> senders;
  std::vector<std::unique_ptr<Bridge>> bridges;
};

TEST_CASE("brokers run alike with one thread and with several") {
  const auto run = [](unsigned threads) {
    Crowd crowd{threads};
    crowd.centers.run(10'000);
    std::vector<Acted> acted;
    for (const auto& host : crowd.centers.hosts) acted.push_back(host->acted);
    std::vector<std::uint64_t> lost;
    for (const auto& one : crowd.centers.lost) lost.push_back(one.event);
    return std::tuple{acted, lost, crowd.centers.lost_at, crowd.centers.simulation.events()};
  };
  const auto one = run(1);
  CHECK(std::get<0>(one)[5].size() > 400);
  CHECK(std::get<1>(one).size() > 1'000);
  CHECK(run(2) == one);
  CHECK(run(3) == one);
}

}  // namespace
}  // namespace parallax::propagation::broker
