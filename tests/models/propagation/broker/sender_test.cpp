// Senders and bridges against schedules worked out by hand. Each way takes 40 ms; a sender that starts at 0 is
// connected at 80.
#include "models/propagation/broker/sender.h"

#include <catch2/catch.hpp>

#include "models/propagation/broker/bridge.h"
#include "tests/models/propagation/broker/nodes.h"

namespace parallax::propagation::broker {
namespace {

using namespace testing;
using domain::EventLoss;
using domain::Passage;
using domain::Stage;

constexpr domain::NodeId kPublisher{50};

SenderSpec sending(WhenDown when_down, std::size_t capacity = 100, Overflow overflow = Overflow::kDropNewest) {
  SenderSpec spec;
  spec.when_down = when_down;
  spec.capacity = capacity;
  spec.overflow = overflow;
  spec.connection = exact();
  return spec;
}

/// A publisher in data center 0, a broker in 1 with a subscriber beside it, which is down in [down, up) ms.
struct Line {
  Line(const SenderSpec& spec, std::int64_t down, std::int64_t up)
      : broker{centers.broker_at(1, power)},
        host{centers.subscribe(1, watchful_beside(), {&broker})},
        sender{centers.site(0), centers.on, kPublisher, "sender", spec, broker} {
    centers.at(0, 0, [this] { sender.start(); });
    centers.at(1, down, [this] {
      power.fail(centers.site(1).now());
      broker.lost();
    });
    centers.at(1, up, [this] {
      power.restore();
      broker.restored();
    });
  }

  // Tries once a second, so that it is back before what is looked at.
  static SubscriberSpec watchful_beside() {
    SubscriberSpec spec = watchful();
    spec.reconnect.patience = {};
    spec.reconnect.initial_pause = sim::milliseconds(10);
    spec.reconnect.pause_factor = 1;
    spec.connection.connect_timeout = sim::milliseconds(10);
    return spec;
  }

  void send_at(std::int64_t ms) {
    centers.at(0, ms, [this, ms] { sender.send(Centers::event(static_cast<std::uint64_t>(ms), centers.site(0))); });
  }

  Centers centers;
  sim::Power power;
  Broker& broker;
  Host& host;
  Sender sender;
};

TEST_CASE("a sender's events come back to back, one way after they were sent") {
  Line line{sending(WhenDown::kDrop), 900'000, 900'001};
  for (const std::int64_t ms : {1'000, 1'000, 1'001}) line.send_at(ms);
  line.centers.run(2'000);
  CHECK(line.host.acted == Acted{{1'040, 1'000}, {1'040, 1'000}, {1'041, 1'001}});
  CHECK(line.host.events[0].passage == Passage{Stage::kNone, Stage::kBroker, at_ms(1'000)});
  CHECK(line.centers.lost.empty());
}

// The broker is down up to 2,500: of the SYNs at 0, 1,000, 2,000, 3,000 the last one is heard, so the sender is
// connected at 3,080.
Acted begin_without_broker(const SenderSpec& spec, std::vector<domain::EventLost>& lost) {
  Line line{spec, 0, 2'500};
  for (const std::int64_t ms : {500, 600, 700, 4'000}) line.send_at(ms);
  line.centers.run(10'000);
  lost = line.centers.lost;
  return line.host.acted;
}

TEST_CASE("while it is not connected a sender drops, or keeps so much") {
  std::vector<domain::EventLost> lost;
  CHECK(begin_without_broker(sending(WhenDown::kDrop), lost) == Acted{{4'040, 4'000}});
  REQUIRE(lost.size() == 3);
  CHECK(lost[0].why == EventLoss::kNotConnected);
  CHECK(lost[0].node == domain::NodeId{100});

  CHECK(begin_without_broker(sending(WhenDown::kBuffer), lost) ==
        Acted{{3'120, 500}, {3'120, 600}, {3'120, 700}, {4'040, 4'000}});
  CHECK(lost.empty());

  CHECK(begin_without_broker(sending(WhenDown::kBuffer, 2), lost) == Acted{{3'120, 500}, {3'120, 600}, {4'040, 4'000}});
  REQUIRE(lost.size() == 1);
  CHECK(lost[0].event == 700);
  CHECK(lost[0].why == EventLoss::kOverflow);

  const SenderSpec oldest = sending(WhenDown::kBuffer, 2, Overflow::kDropOldest);
  CHECK(begin_without_broker(oldest, lost) == Acted{{3'120, 600}, {3'120, 700}, {4'040, 4'000}});
  REQUIRE(lost.size() == 1);
  CHECK(lost[0].event == 500);
}

// The broker restarts at 2,000 to 2,100. What is sent at 2,050 nobody hears, what is sent at 2,300 is answered by a
// reset, at 2,380; the sender is connected again at 2,460. The subscriber's sign of life of 2,000 goes again after 200
// ms and is answered alike: it is back by 2,210.
TEST_CASE("what was under way as the connection broke is lost, or sent again before what came since") {
  const auto restarted = [](WhenDown when_down, std::vector<domain::EventLost>& lost) {
    Line line{sending(when_down), 2'000, 2'100};
    for (const std::int64_t ms : {1'000, 2'050, 2'300, 2'400, 5'000}) line.send_at(ms);
    line.centers.run(10'000);
    lost = line.centers.lost;
    return line.host.acted;
  };
  std::vector<domain::EventLost> lost;
  CHECK(restarted(WhenDown::kDrop, lost) == Acted{{1'040, 1'000}, {5'040, 5'000}});
  REQUIRE(lost.size() == 3);
  CHECK(lost[0].event == 2'050);
  CHECK(lost[0].why == EventLoss::kUnacknowledged);
  CHECK(lost[0].died == at_ms(2'050));
  CHECK(lost[1].event == 2'300);
  CHECK(lost[1].why == EventLoss::kUnacknowledged);
  CHECK(lost[2].event == 2'400);
  CHECK(lost[2].why == EventLoss::kNotConnected);
  CHECK(restarted(WhenDown::kBuffer, lost) == Acted{{1'040, 1'000}, {2'500, 2'400}, {5'040, 5'000}});
  CHECK(lost.size() == 2);
  CHECK(restarted(WhenDown::kRetry, lost) ==
        Acted{{1'040, 1'000}, {2'500, 2'050}, {2'500, 2'300}, {2'500, 2'400}, {5'040, 5'000}});
  CHECK(lost.empty());
}

TEST_CASE("events that share a batch leave together, and the journal says what they waited for") {
  SenderSpec spec = sending(WhenDown::kDrop);
  spec.batch_interval = sim::milliseconds(100);
  spec.batch_size = 3;
  Line line{spec, 900'000, 900'001};
  for (const std::int64_t ms : {1'000, 1'050, 2'000, 2'001, 2'002, 2'003}) line.send_at(ms);
  line.centers.run(3'000);
  CHECK(line.host.acted ==
        Acted{{1'140, 1'000}, {1'140, 1'050}, {2'042, 2'000}, {2'042, 2'001}, {2'042, 2'002}, {2'143, 2'003}});
  REQUIRE(line.centers.hops.size() == 5);  // 2,002 has not waited
  CHECK(line.centers.hops[0] == Passage{Stage::kEventBatching, Stage::kBroker, at_ms(1'100)});
}

TEST_CASE("a sender's host loses what waits for a batch or a connection") {
  SenderSpec spec = sending(WhenDown::kBuffer);
  Line line{spec, 0, 5'000};
  line.send_at(500);
  line.centers.at(0, 1'000, [&] { line.sender.lost(); });
  line.centers.at(0, 6'000, [&] { line.sender.restored(); });
  line.send_at(7'000);
  line.centers.run(10'000);
  CHECK(line.host.acted == Acted{{7'040, 7'000}});
  REQUIRE(line.centers.lost.size() == 1);
  CHECK(line.centers.lost[0].why == EventLoss::kHostDown);
}

/// A broker in data center 0 that bridges to one in 1 and to one in 2, which is down up to 20 s. Subscribers beside
/// the first two.
struct Bridged {
  explicit Bridged(DeadTarget dead_target) {
    BridgeSpec spec;
    spec.dead_target = dead_target;
    power.fail({});
    bridge = std::make_unique<Bridge>(from, spec, std::vector<Sender*>{&to_near, &to_dead});
    centers.at(0, 0, [this] { to_near.start(); });
    centers.at(0, 0, [this] { to_dead.start(); });
    centers.at(2, 0, [this] { dead.lost(); });
    centers.at(2, 20'000, [this] {
      power.restore();
      dead.restored();
    });
  }

  Centers centers;
  sim::Power power;
  Broker& from{centers.broker_at(0)};
  Broker& near{centers.broker_at(1)};
  Broker& dead{centers.broker_at(2, power)};
  Host& host{centers.subscribe(1, plain(), {&near})};
  Host& own{centers.subscribe(0, plain(), {&from})};
  Sender to_near{centers.site(0), centers.on, kPublisher, "to near", sending(WhenDown::kDrop), near};
  Sender to_dead{centers.site(0), centers.on, kPublisher, "to dead", sending(WhenDown::kDrop), dead};
  std::unique_ptr<Bridge> bridge;
};

TEST_CASE("a bridge passes on what is published, to each target by itself") {
  Bridged bridged{DeadTarget::kOnItsOwn};
  bridged.centers.publish_at(1'000, bridged.from, 1);
  bridged.centers.run(60'000);
  CHECK(bridged.host.acted == Acted{{1'040, 1}});
  CHECK(bridged.own.acted == Acted{{1'000, 1}});
  REQUIRE(bridged.centers.lost.size() == 1);
  CHECK(bridged.centers.lost[0].why == EventLoss::kNotConnected);
  CHECK(bridged.centers.lost[0].node == bridged.dead.node());
}

// The first round ends at 5,000, the second begins at 25,000 and succeeds at 25,080.
TEST_CASE("one dead target blocks a bridge of one thread, and the own subscribers (wso2/api-manager 3125)") {
  Bridged bridged{DeadTarget::kBlocksAll};
  bridged.centers.publish_at(1'000, bridged.from, 1);
  bridged.centers.publish_at(2'000, bridged.from, 2);
  bridged.centers.publish_at(30'000, bridged.from, 3);
  bridged.centers.run(60'000);
  CHECK(bridged.host.acted == Acted{{25'120, 1}, {25'120, 2}, {30'040, 3}});
  CHECK(bridged.own.acted == Acted{{25'080, 1}, {25'080, 2}, {30'000, 3}});
  CHECK(bridged.centers.lost.empty());
}

TEST_CASE("two brokers that bridge to each other send nothing in circles") {
  Centers centers;
  Broker& a = centers.broker_at(0);
  Broker& b = centers.broker_at(1);
  Sender to_b{centers.site(0), centers.on, kPublisher, "to b", sending(WhenDown::kDrop), b};
  Sender to_a{centers.site(1), centers.on, kPublisher, "to a", sending(WhenDown::kDrop), a};
  Bridge there{a, {}, {&to_b}};
  Bridge back{b, {}, {&to_a}};
  const Host& at_a = centers.subscribe(0, plain(), {&a});
  const Host& at_b = centers.subscribe(1, plain(), {&b});
  centers.at(0, 0, [&] { to_b.start(); });
  centers.at(1, 0, [&] { to_a.start(); });
  centers.publish_at(1'000, a, 1);
  centers.publish_at(2'000, b, 2);
  centers.run(10'000);
  CHECK(at_a.acted == Acted{{1'000, 1}, {2'040, 2}});
  CHECK(at_b.acted == Acted{{1'040, 1}, {2'000, 2}});
}

// Both control planes of a pair have the event and bridge it to the third region (wso2/api-manager 4441).
TEST_CASE("two bridges bring an event twice, unless its id is remembered") {
  const auto acted = [](std::size_t remembered) {
    Centers centers;
    Broker& a = centers.broker_at(0);
    Broker& b = centers.broker_at(1);
    Broker& c = centers.broker_at(2);
    Sender from_a{centers.site(0), centers.on, kPublisher, "from a", sending(WhenDown::kDrop), c};
    Sender from_b{centers.site(1), centers.on, kPublisher, "from b", sending(WhenDown::kDrop), c};
    Bridge first{a, {}, {&from_a}};
    Bridge second{b, {}, {&from_b}};
    SubscriberSpec spec = plain();
    spec.event_ids_remembered = remembered;
    const Host& host = centers.subscribe(2, spec, {&c});
    centers.at(0, 0, [&] { from_a.start(); });
    centers.at(1, 0, [&] { from_b.start(); });
    centers.publish_at(1'000, a, 7);
    centers.publish_at(1'005, b, 7);
    centers.run(10'000);
    return host.acted;
  };
  CHECK(acted(0) == Acted{{1'040, 7}, {1'045, 7}});
  CHECK(acted(100) == Acted{{1'040, 7}});
}

}  // namespace
}  // namespace parallax::propagation::broker
