// Subscriptions against schedules worked out by hand. Each way takes 40 ms. A subscriber that starts at 0 has its
// connection at 80 (SYN, SYN-ACK), the broker its subscription at 120, and it knows at 160.
#include "models/propagation/broker/broker.h"

#include <catch2/catch.hpp>

#include "models/propagation/broker/profiles.h"
#include "tests/models/propagation/broker/nodes.h"

namespace parallax::propagation::broker {
namespace {

using namespace testing;
using domain::EventLoss;
using domain::Passage;
using domain::Stage;
using Milliseconds = std::vector<std::int64_t>;

constexpr Passage by_broker_since(std::int64_t ms) {
  return {Stage::kNone, Stage::kBroker, sim::VirtualTime{ms * 1'000'000}};
}

TEST_CASE("an event is there one way after its publication") {
  Centers centers;
  Broker& broker = centers.broker_at(0);
  const Host& host = centers.subscribe(1, plain(), {&broker});
  centers.publish_at(1'000, broker, 1);
  centers.publish_at(1'000, broker, 2);
  centers.run(2'000);
  CHECK(host.connects == Milliseconds{160});
  CHECK(host.acted == Acted{{1'040, 1}, {1'040, 2}});
  CHECK(host.events[0].passage == by_broker_since(1'000));
  CHECK(centers.receivers == std::vector<std::uint32_t>{1, 1});
  CHECK(centers.lost.empty());
  CHECK(centers.hops.empty());
}

TEST_CASE("what is published before the subscription is not for it, and so is another topic") {
  Centers centers;
  Broker& broker = centers.broker_at(0);
  SubscriberSpec spec = plain();
  spec.topics = {domain::TopicId{3}};
  const Host& host = centers.subscribe(1, spec, {&broker});
  centers.publish_at(119, broker, 1);
  centers.publish_at(121, broker, 2);
  centers.at(0, 500, [&] {
    Event other = Centers::event(3, centers.site(0));
    other.topic = domain::TopicId{4};
    CHECK(broker.publish(other) == 0);
  });
  centers.run(2'000);
  CHECK(host.acted == Acted{{161, 2}});
  REQUIRE(centers.lost.size() == 1);
  CHECK(centers.lost[0].event == 1);
  CHECK(centers.lost[0].why == EventLoss::kNotSubscribed);
  CHECK(centers.lost[0].by == Stage::kNone);
  CHECK(centers.lost[0].died == at_ms(119));
}

TEST_CASE("a subscriber of the same site has an event after a fixed delay, unless its host is lost meanwhile") {
  Centers centers;
  sim::Power power;
  Broker& broker = centers.broker_at(0);
  SubscriberSpec spec = plain();
  spec.local_delay = sim::milliseconds(2);
  const Host& host = centers.subscribe(0, spec, {&broker});
  centers.publish_at(1'000, broker, 1);
  centers.publish_at(2'000, broker, 2);
  centers.at(0, 2'001, [&] {
    power.fail(centers.site(0).now());
    centers.subscribers[0]->lost();
  });
  centers.run(3'000);
  CHECK(host.connects == Milliseconds{0});
  CHECK(host.acted == Acted{{1'002, 1}});
  REQUIRE(centers.lost.size() == 1);
  CHECK(centers.lost[0].event == 2);
  CHECK(centers.lost[0].why == EventLoss::kHostDown);
}

// Time-out 280 ms, first probe after two round trips: event 1 goes at 1,500 and is tried again at 1,660, then at 1,940
// and after 560, 1,120, 2,240 ms: at 1,940, 2,500, 3,620. The cut ends at 3,000. At 3,660 the first is there, its
// acknowledgement lets the second go: one round trip later.
TEST_CASE("after a cut that the connection survives everything comes, in order, at TCP's next try") {
  Centers centers{{{1, 1'200, 3'000}}};
  Broker& broker = centers.broker_at(0);
  const Host& host = centers.subscribe(1, plain(), {&broker});
  centers.publish_at(1'500, broker, 1);
  centers.publish_at(1'700, broker, 2);
  centers.publish_at(5'000, broker, 3);
  centers.run(6'000);
  REQUIRE(host.events.size() == 3);
  CHECK(host.acted[0].second == 1);
  CHECK(host.acted[1].second == 2);
  CHECK(host.acted[2] == std::pair<std::int64_t, std::uint64_t>{5'040, 3});
  CHECK(host.acted[0].first >= 3'040);
  CHECK(host.acted[1].first >= host.acted[0].first);
  CHECK(host.acted[1].first <= 4'500);
  CHECK(host.events[0].passage == Passage{Stage::kNone, Stage::kLinkDown, at_ms(1'500)});
  CHECK(centers.receivers == std::vector<std::uint32_t>{1, 1, 1});
  CHECK(centers.lost.empty());
  CHECK(host.connects == Milliseconds{160});
}

// Signs of life at 160, 1,160, 2,160: the last is cut off, given up at 3,160. Round 1 from there to 8,160, a pause of
// 20 s, round 2 at 28,160: connected at 28,240, subscribed at 28,320. What the broker sent at 5,000 it tries again at
// 5,160, 5,440, 6,000, 7,120, 9,360 and 13,840, when the cut is over: a reset answers at 13,920.
TEST_CASE("a connection given up loses what was under way, though its broker counts a receiver") {
  Centers centers{{{1, 2'000, 10'000}}};
  Broker& broker = centers.broker_at(0);
  const Host& host = centers.subscribe(1, watchful(), {&broker});
  for (const std::int64_t ms : {1'900, 5'000, 15'000, 28'000, 29'000}) {
    centers.publish_at(ms, broker, static_cast<std::uint64_t>(ms));
  }
  centers.run(40'000);
  CHECK(host.connects == Milliseconds{160, 28'320});
  CHECK(host.acted == Acted{{1'940, 1'900}, {29'040, 29'000}});
  CHECK(centers.receivers == std::vector<std::uint32_t>{1, 1, 0, 0, 1});
  CHECK(host.absences[1].since == at_ms(1'940));
  CHECK(host.absences[1].by == Stage::kLinkDown);
  CHECK(host.absences[1].last_failure == at_ms(8'160));
  REQUIRE(centers.lost.size() == 3);
  CHECK(centers.lost[0].event == 5'000);
  CHECK(centers.lost[0].why == EventLoss::kUnacknowledged);
  CHECK(centers.lost[0].by == Stage::kLinkDown);
  CHECK(centers.lost[0].died == at_ms(5'000));
  CHECK(centers.lost_at[0] > 10'000);
  CHECK(centers.lost_at[0] < 15'000);
  CHECK(centers.lost[1].why == EventLoss::kNotSubscribed);
  CHECK(centers.lost[1].by == Stage::kReconnectWait);  // the way is clear, the pause is not over
  CHECK(centers.lost[2].event == 28'000);
}

// Rounds at 3.16, 28.16, 73.16 and 158.16 s, each of 5 s.
TEST_CASE("the pause before connecting again can exceed the outage") {
  const auto connected_again = [](std::int64_t heal) {
    Centers centers{{{1, 2'000, heal}}};
    Broker& broker = centers.broker_at(0);
    const Host& host = centers.subscribe(1, watchful(), {&broker});
    centers.run(400'000);
    REQUIRE(host.connects.size() == 2);
    return host.connects[1];
  };
  CHECK(connected_again(62'000) == 73'320);   // 60 s: 11 s after the heal
  CHECK(connected_again(79'000) == 158'320);  // 77 s: 79 s after it
  CHECK(connected_again(77'000) == 77'320);   // 75 s: the SYN of 77.16 s, in the third round
}

// Five round trips until 400, subscribed at 480. It asks at 30,480, in the cut, and gives up 30 s later; a round of 5
// s, a pause of 20 s: dialled at 85,480, subscribed at 85,960. The broker gives up at 79,080, 60 s after the
// acknowledgement of the first event.
TEST_CASE("a gateway of WSO2 API Manager misses 66 s of events for a cut of 60 s") {
  Centers centers{{{1, 20'000, 80'000}}};
  Broker& broker = centers.broker_at(0);
  SubscriberSpec spec = carbon_jms();
  spec.connection.tick = {};
  const Host& host = centers.subscribe(1, spec, {&broker});
  for (const std::int64_t ms : {19'000, 50'000, 79'500, 82'000, 90'000}) {
    centers.publish_at(ms, broker, static_cast<std::uint64_t>(ms));
  }
  centers.run(120'000);
  CHECK(host.connects == Milliseconds{480, 85'960});
  CHECK(host.acted == Acted{{19'040, 19'000}, {90'040, 90'000}});
  REQUIRE(centers.lost.size() == 3);
  CHECK(centers.lost[0].why == EventLoss::kUnacknowledged);
  CHECK(centers.lost[0].by == Stage::kLinkDown);
  CHECK(centers.lost[1].why == EventLoss::kNotSubscribed);
  CHECK(centers.lost[1].by == Stage::kLinkDown);
  CHECK(centers.lost[2].why == EventLoss::kNotSubscribed);
  CHECK(centers.lost[2].by == Stage::kReconnectWait);
}

// Without liveness the subscriber never finds out that its broker has restarted.
TEST_CASE("a subscriber without a sign of life stays subscribed at nobody") {
  Centers centers;
  sim::Power power;
  Broker& broker = centers.broker_at(0, power);
  const Host& host = centers.subscribe(1, plain(), {&broker});
  centers.at(0, 1'000, [&] {
    power.fail(centers.site(0).now());
    broker.lost();
  });
  centers.at(0, 2'000, [&] {
    power.restore();
    broker.restored();
  });
  centers.publish_at(1'500, broker, 1);
  centers.publish_at(5'000, broker, 2);
  centers.run(600'000);
  CHECK(host.acted.empty());
  CHECK(host.connects == Milliseconds{160});
  CHECK(centers.receivers == std::vector<std::uint32_t>{0, 0});
  REQUIRE(centers.lost.size() == 2);
  CHECK(centers.lost[0].why == EventLoss::kHostDown);
  CHECK(centers.lost[1].why == EventLoss::kNotSubscribed);
}

// Tries at the first URL from 3,160 on, each given up after 500 ms and the next one 50 ms later: the fifth ends at
// 5,860. Then the second: dialled at 5,910, subscribed at 6,070.
Host& fail_over(Centers& centers, sim::Power& power, sim::Duration fail_back) {
  Broker& first = centers.broker_at(0, power);
  Broker& second = centers.broker_at(1);
  SubscriberSpec spec = watchful();
  spec.connection.connect_timeout = sim::milliseconds(500);
  spec.fail_back_interval = fail_back;
  Host& host = centers.subscribe(2, spec, {&first, &second});
  centers.at(0, 2'000, [&] {
    power.fail(centers.site(0).now());
    first.lost();
  });
  centers.at(0, 30'000, [&] {
    power.restore();
    first.restored();
  });
  for (const std::int64_t ms : {1'000, 10'000, 40'000}) {
    centers.publish_at(ms, first, static_cast<std::uint64_t>(ms));
    centers.publish_at(ms, second, static_cast<std::uint64_t>(ms + 1));
  }
  centers.run(60'000);
  return host;
}

TEST_CASE("a subscriber fails over along its list and stays there (wso2/api-manager 3542)") {
  Centers centers;
  sim::Power power;
  const Host& host = fail_over(centers, power, {});
  CHECK(host.connects == Milliseconds{160, 6'070});
  CHECK(host.acted == Acted{{1'040, 1'000}, {10'040, 10'001}, {40'040, 40'001}});
  REQUIRE(centers.lost.size() == 2);  // its home has restarted and still has no subscriber
  CHECK(centers.lost[0].event == 10'000);
  CHECK(centers.lost[0].why == EventLoss::kHostDown);
  CHECK(centers.lost[1].event == 40'000);
  CHECK(centers.lost[1].why == EventLoss::kNotSubscribed);
}

// The first URL is tried at 16,070 and 26,570, each for 500 ms, then at 37,070: subscribed at 37,230.
TEST_CASE("a subscriber that fails back returns at its next look") {
  Centers centers;
  sim::Power power;
  const Host& host = fail_over(centers, power, sim::seconds(10));
  CHECK(host.connects == Milliseconds{160, 6'070, 37'230});
  CHECK(host.acted == Acted{{1'040, 1'000}, {10'040, 10'001}, {40'040, 40'000}});
  CHECK(centers.lost.size() == 1);  // at the second broker it has taken its leave
}

// Arrivals at 1,040 and 1,041; each is slept upon for 5 s by the one thread, which acting keeps busy for 3 s more.
TEST_CASE("one thread waits before each event, and events wait for each other") {
  Centers centers;
  Broker& broker = centers.broker_at(0);
  SubscriberSpec spec = plain();
  spec.event_waiting = sim::seconds(5);
  const Host& host = centers.subscribe(1, spec, {&broker});
  centers.publish_at(1'000, broker, 1);
  centers.publish_at(1'001, broker, 2);
  centers.publish_at(1'002, broker, 3);
  centers.at(1, 6'041, [&] { centers.subscribers[0]->occupy(at_ms(14'000)); });  // too late for the second
  centers.run(60'000);
  CHECK(host.acted == Acted{{6'040, 1}, {11'040, 2}, {19'000, 3}});
  CHECK(host.events[0].passage == Passage{Stage::kBroker, Stage::kEventWaiting, at_ms(1'040)});
  CHECK(host.events[1].passage == Passage{Stage::kBroker, Stage::kEventWaiting, at_ms(1'041)});
}

TEST_CASE("a subscriber's host loses what waits for its thread, and connects anew when it is back") {
  Centers centers;
  sim::Power power;
  Broker& broker = centers.broker_at(0);
  SubscriberSpec spec = plain();
  spec.event_waiting = sim::seconds(5);
  const Host& host = centers.subscribe(1, spec, {&broker});
  centers.publish_at(1'000, broker, 1);
  centers.publish_at(10'500, broker, 2);
  centers.at(1, 2'000, [&] {
    power.fail(centers.site(1).now());
    centers.subscribers[0]->lost();
  });
  centers.at(1, 10'000, [&] {
    power.restore();
    centers.subscribers[0]->restored();
  });
  centers.run(60'000);
  CHECK(host.connects == Milliseconds{160, 10'160});
  CHECK(host.acted == Acted{{15'540, 2}});
  CHECK(host.absences[1].by == Stage::kSiteDown);
  REQUIRE(centers.lost.size() == 1);
  CHECK(centers.lost[0].event == 1);
  CHECK(centers.lost[0].why == EventLoss::kHostDown);
}

TEST_CASE("an event that comes again is skipped as long as its id is remembered") {
  RecentIds recent{2};
  CHECK_FALSE(recent.is_repeated(1));
  CHECK_FALSE(recent.is_repeated(2));
  CHECK(recent.is_repeated(1));
  CHECK_FALSE(recent.is_repeated(3));  // 1 is forgotten: the oldest, however often it has come
  CHECK(recent.is_repeated(2));
  CHECK_FALSE(recent.is_repeated(1));
  RecentIds none{0};
  CHECK_FALSE(none.is_repeated(1));
  CHECK_FALSE(none.is_repeated(1));
}

struct Phone final : Dialler::Phone {
  explicit Phone(sim::Site& where) : site{where} {}
  void dial(std::size_t url) override {
    dialled.emplace_back(ms_of(site.now()), url);
    if (refuses) dialler->failed();
  }
  void hang_up(std::size_t) override { hung_up.push_back(ms_of(site.now())); }

  sim::Site& site;
  bool refuses{false};
  Dialler* dialler{nullptr};
  Acted dialled;
  Milliseconds hung_up;
};

TEST_CASE("the ladder: at once, for 5 s, then after pauses of 20, 40, 80 s ... up to an hour") {
  Centers centers;
  Phone phone{centers.site(0)};
  Dialler dialler{centers.site(0), ReconnectSpec{}, 1, phone};
  centers.at(0, 0, [&] { dialler.begin(); });
  centers.run(30'000'000);
  Acted expected;
  std::int64_t t = 0;
  for (std::int64_t pause = 20'000; t < 30'000'000; pause = std::min<std::int64_t>(2 * pause, 3'600'000)) {
    expected.emplace_back(t, 0);
    t += 5'000 + pause;
  }
  CHECK(expected[3].first == 155'000);
  CHECK(phone.dialled == expected);
  CHECK(phone.hung_up.front() == 5'000);
}

TEST_CASE("a round tries each URL five times, 50 ms apart, and the next one begins after 5 s and the pause") {
  Centers centers;
  Phone phone{centers.site(0)};
  Dialler dialler{centers.site(0), ReconnectSpec{}, 2, phone};
  phone.dialler = &dialler;
  phone.refuses = true;
  centers.at(0, 0, [&] { dialler.begin(); });
  centers.run(25'001);
  CHECK(phone.dialled == Acted{{0, 0},
                               {50, 0},
                               {100, 0},
                               {150, 0},
                               {200, 0},
                               {250, 1},
                               {300, 1},
                               {350, 1},
                               {400, 1},
                               {450, 1},
                               {25'000, 0}});
  CHECK(phone.hung_up.empty());
}

}  // namespace
}  // namespace parallax::propagation::broker
