#include <catch2/catch.hpp>

#include "models/logic/throttling/event_publisher.h"
#include "tests/models/logic/throttling/worlds.h"

namespace parallax::logic::throttling {
namespace {

using testing::at;

constexpr StoreId kFirst{1};
constexpr StoreId kSecond{2};

// Told apart by their bytes.
ThrottleEvent event(std::uint64_t number) {
  ThrottleEvent one{testing::caller(), at(0)};
  one.subject.message_bytes = number;
  return one;
}

// What came where, as batches of the events' numbers.
struct Wire {
  struct Batch {
    StoreId store;
    std::vector<std::uint64_t> events;
  };
  std::vector<Batch> batches{};
  std::vector<StoreId> dead{};

  Sent operator()(StoreId store, std::span<const ThrottleEvent> events) {
    if (std::find(dead.begin(), dead.end(), store) != dead.end()) return Sent::kNo;
    batches.push_back({store, {}});
    for (const ThrottleEvent& one : events) batches.back().events.push_back(one.subject.message_bytes);
    return Sent::kYes;
  }
  std::vector<std::uint64_t> at(StoreId store) const {
    std::vector<std::uint64_t> all;
    for (const Batch& batch : batches) {
      if (batch.store == store) all.insert(all.end(), batch.events.begin(), batch.events.end());
    }
    return all;
  }
};

PublisherOptions one_group(Spread spread) { return {.groups = {{{kFirst, kSecond}, spread}}}; }

TEST_CASE("ring buffer of 32768 with non-blocking put: full means drop") {
  EventRing ring;
  for (std::uint64_t i = 0; i < 32'768; ++i) CHECK(ring.put(event(i)) == EventRing::Put::kTaken);
  CHECK(ring.put(event(99'999)) == EventRing::Put::kDropped);
  CHECK(ring.dropped() == 1);
  CHECK(ring.front().subject.message_bytes == 0);
  ring.pop();
  CHECK(ring.put(event(32'768)) == EventRing::Put::kTaken);
  std::uint64_t next = 1;
  for (; !ring.empty(); ring.pop()) CHECK(ring.front().subject.message_bytes == next++);
  CHECK(next == 32'769);
}

TEST_CASE("batch 200, flushed when the ring runs empty") {
  EventPublisher publisher{{.groups = {{{kFirst}}}}, at(0)};
  for (std::uint64_t i = 0; i < 450; ++i) publisher.put(event(i));
  Wire wire;
  publisher.drain(wire);
  REQUIRE(wire.batches.size() == 3);
  CHECK(wire.batches[0].events.size() == 200);
  CHECK(wire.batches[1].events.size() == 200);
  CHECK(wire.batches[2].events.size() == 50);
  CHECK(wire.at(kFirst).back() == 449);
}

TEST_CASE("every url_group gets a copy") {
  EventPublisher publisher{{.groups = {{{kFirst}}, {{kSecond}}}}, at(0)};
  Wire wire;
  publisher.put(event(1));
  publisher.put(event(2));
  publisher.drain(wire);
  CHECK(wire.at(kFirst) == std::vector<std::uint64_t>{1, 2});
  CHECK(wire.at(kSecond) == std::vector<std::uint64_t>{1, 2});
}

TEST_CASE("inside a group comma = round-robin") {
  EventPublisher publisher{one_group(Spread::kRoundRobin), at(0)};
  Wire wire;
  for (std::uint64_t i = 0; i < 5; ++i) {
    publisher.put(event(i));
    publisher.drain(wire);
  }
  CHECK(wire.at(kFirst) == std::vector<std::uint64_t>{0, 2, 4});
  CHECK(wire.at(kSecond) == std::vector<std::uint64_t>{1, 3});
  for (std::uint64_t i = 5; i < 8; ++i) publisher.put(event(i));  // the same within one batch
  publisher.drain(wire);
  CHECK(wire.at(kSecond) == std::vector<std::uint64_t>{1, 3, 5, 7});
}

TEST_CASE("inside a group pipe = failover") {
  EventPublisher publisher{one_group(Spread::kFailover), at(0)};
  Wire wire;
  publisher.put(event(1));
  publisher.drain(wire);
  wire.dead = {kFirst};
  publisher.put(event(2));
  publisher.drain(wire);  // found dead by sending: the batch goes to the other
  publisher.put(event(3));
  publisher.drain(wire);
  CHECK(wire.at(kFirst) == std::vector<std::uint64_t>{1});
  CHECK(wire.at(kSecond) == std::vector<std::uint64_t>{2, 3});
  publisher.check_connections(at(30), [](StoreId) { return true; });
  wire.dead.clear();
  publisher.put(event(4));
  publisher.drain(wire);
  CHECK(wire.at(kFirst) == std::vector<std::uint64_t>{1, 4});
}

TEST_CASE("if a whole group is down the ring fills, then is flushed on reconnect; reconnect check 30 s") {
  PublisherOptions options = one_group(Spread::kRoundRobin);
  options.ring_capacity = 10;
  EventPublisher publisher{options, at(0)};
  Wire wire;
  publisher.mark_down(kFirst);
  publisher.mark_down(kSecond);
  for (std::uint64_t i = 0; i < 12; ++i) {
    publisher.put(event(i));
    publisher.drain(wire);
  }
  CHECK(wire.batches.empty());
  CHECK(publisher.dropped() == 2);
  const auto second_only = [](StoreId store) { return store == kSecond; };
  CHECK(publisher.next_check() == at(30));
  publisher.check_connections(at(29), second_only);
  CHECK_FALSE(publisher.groups()[0].has_member_up());
  publisher.check_connections(at(30), second_only);
  CHECK(publisher.next_check() == at(60));
  publisher.drain(wire);
  CHECK(wire.at(kSecond) == std::vector<std::uint64_t>{0, 1, 2, 3, 4, 5, 6, 7, 8, 9});
}

TEST_CASE("a batch that nobody takes is sent first when somebody is up again") {
  EventPublisher publisher{one_group(Spread::kFailover), at(0)};
  Wire wire;
  wire.dead = {kFirst, kSecond};
  publisher.put(event(1));
  publisher.drain(wire);
  publisher.put(event(2));
  publisher.drain(wire);
  CHECK(publisher.groups()[0].unsent() == 1);
  CHECK(publisher.groups()[0].ring().size() == 1);
  wire.dead.clear();
  publisher.check_connections(at(100), [](StoreId) { return true; });
  CHECK(publisher.next_check() == at(120));
  publisher.drain(wire);
  CHECK(wire.at(kFirst) == std::vector<std::uint64_t>{1, 2});
}

TEST_CASE("no publisher object: pass") {
  EventPublisher publisher{{}, at(0)};
  Wire wire;
  publisher.put(event(1));
  publisher.drain(wire);
  CHECK(wire.batches.empty());
  CHECK(publisher.dropped() == 0);
  CHECK(publisher.next_check() == sim::kNever);
}

}  // namespace
}  // namespace parallax::logic::throttling
