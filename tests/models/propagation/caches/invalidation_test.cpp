// Messages that say what to forget: how many, when, and what becomes of them when they are lost.
#include <catch2/catch.hpp>

#include "models/propagation/broker/broker.h"
#include "models/propagation/broker/subscriber.h"
#include "models/propagation/caches/cluster_invalidation.h"
#include "models/propagation/caches/global_invalidation.h"
#include "tests/models/propagation/caches/members.h"

namespace parallax::propagation::caches {
namespace {

using namespace testing;
using domain::Passage;
using domain::Stage;

/// Members with memories of their own, that tell each other what to forget.
struct Tellers {
  Tellers(const WorldSpec& spec, const ClusterInvalidationSpec& rules) : world{spec} {
    for (std::size_t i = 0; i < world.cluster.roster().size(); ++i) {
      const auto id = static_cast<MemberId>(i);
      tellers.push_back(std::make_unique<ClusterInvalidation>(world.local(id), world.cluster.side_of(id), id, rules));
    }
  }

  /// Into its memory alone.
  void put(MemberId id, const Key& key, std::uint32_t ordinal) {
    const sim::VirtualTime now = world.site_of(id).now();
    const Copy copy{.version = version(ordinal), .written = now};
    tellers[index(id)]->was_put(key, copy.version, world.local(id).put(key, copy, now, Origin::source(now)));
  }
  void put_at(MemberId id, std::int64_t ms, const Key& key, std::uint32_t ordinal) {
    world.at(id, ms, [this, id, key, ordinal] { put(id, key, ordinal); });
  }
  void remove_at(MemberId id, std::int64_t ms, const Key& key, std::uint32_t ordinal) {
    world.at(id, ms, [this, id, key, ordinal] {
      const domain::Hop news{world.cluster.roster()[id].node, key.object, {}};
      tellers[index(id)]->remove(key, version(ordinal), world.site_of(id).record(news.pack()));
    });
  }
  /// A call that needs the key each period: who has not got it loads it and puts it.
  void call(MemberId id, const Key& key, std::int64_t from_ms, std::int64_t period_ms, std::int64_t until_ms) {
    for (std::int64_t ms = from_ms; ms < until_ms; ms += period_ms) {
      world.at(id, ms, [this, id, key] {
        ++calls;
        if (world.local(id).find(key) != nullptr) return;
        ++misses;
        put(id, key, 1);
      });
    }
  }
  std::uint64_t sent() const {
    std::uint64_t sum = 0;
    for (const auto& teller : tellers) sum += teller->sent();
    return sum;
  }

  World world;
  std::vector<std::unique_ptr<ClusterInvalidation>> tellers;
  std::uint64_t calls{0};
  std::uint64_t misses{0};
};

std::uint64_t messages_of_one_removal(int members_each, OnReceipt on_receipt) {
  WorldSpec spec;
  spec.members = {members_each, members_each};
  Tellers tellers{spec, {on_receipt, Tells::kRemovals}};
  for (int i = 0; i < 2 * members_each; ++i) tellers.put_at(member(i), 1'000, token_key(1), 1);
  tellers.remove_at(member(0), 2'000, token_key(1), 2);
  tellers.world.run(60'000);
  for (const auto& local : tellers.world.locals) CHECK(local->size() == 0);
  CHECK(tellers.world.drops().size() == static_cast<std::size_t>(2 * members_each));
  return tellers.sent();
}

// The first tells n - 1. Where each of these, having had the entry, tells n - 1 again: n - 1 + (n - 1)^2 = n (n - 1).
TEST_CASE("a removal takes n - 1 messages, and in the storm n (n - 1)") {
  for (const int each : {1, 2, 3, 5, 8}) {
    const auto n = static_cast<std::uint64_t>(2 * each);
    CHECK(messages_of_one_removal(each, OnReceipt::kForget) == n - 1);
    CHECK(messages_of_one_removal(each, OnReceipt::kRemoveAnew) == n * (n - 1));
  }
}

// Two gateways in two data centers, each called every 100 ms with one token, half a period apart; messages take 40 ms.
// A call finds nothing, puts, and tells the other, which forgets its own 40 ms later and, in the storm, tells back: 40
// ms after that the first one's is gone too. So each call misses and sends a message, and each message that finds an
// entry one more.
TEST_CASE("where puts are told and receivers remove anew there is no end while calls come, and no hit") {
  const auto under_load = [](const ClusterInvalidationSpec& rules) {
    WorldSpec spec;
    spec.members = {1, 1};
    Tellers tellers{spec, rules};
    tellers.call(member(0), token_key(1), 1'000, 100, 101'000);
    tellers.call(member(1), token_key(1), 1'050, 100, 101'000);
    tellers.world.run(120'000);
    CHECK(tellers.calls == 2'000);
    return std::pair{tellers.misses, tellers.sent()};
  };
  const auto [calm_misses, calm_sent] = under_load({OnReceipt::kForget, Tells::kRemovals});
  CHECK(calm_misses == 2);
  CHECK(calm_sent == 0);
  // At 1,000 A puts; B forgets nothing at 1,040. At 1,050 B puts; A forgets at 1,090 and tells B, which forgets at
  // 1,130 and tells A, which has put at 1,100 and forgets at 1,140, and so on: nobody ever finds anything.
  const auto [misses, sent] = under_load({OnReceipt::kRemoveAnew, Tells::kPutsToo});
  CHECK(misses == 2'000);
  CHECK(sent > 3'900);
  CHECK(sent <= 4'000);
}

TEST_CASE("a message under a cut comes after it, and its time is told") {
  WorldSpec spec;
  spec.members = {1, 1};
  spec.cuts = {{0, 1, 1'900, 4'000}};
  Tellers tellers{spec, {}};
  tellers.put_at(member(1), 1'000, token_key(1), 1);
  tellers.remove_at(member(0), 2'000, token_key(1), 2);
  tellers.world.run(20'000);
  const auto drops = tellers.world.drops();
  const auto hops = tellers.world.hops();
  REQUIRE(drops.size() == 1);
  REQUIRE(hops.size() == 2);  // the news, and where it was held back
  CHECK(drops[0].first.time >= at_ms(4'040));
  CHECK(hops[1].first.time == drops[0].first.time);
  CHECK(hops[1].first.cause == hops[0].first.id);
  CHECK(hops[1].second.passage == Passage{Stage::kClusterMessage, Stage::kLinkDown, at_ms(2'000)});
  CHECK(drops[0].first.cause == hops[1].first.id);
  CHECK(drops[0].second.passage.turn == drops[0].first.time);
}

// Suspected at 45 s: the last sign of life came at 10.04 s.
TEST_CASE("a message to a side that is given up is lost, and the entry stays for its time") {
  WorldSpec spec;
  spec.members = {1, 1};
  spec.cluster.most_without_heartbeat = sim::seconds(30);
  spec.cuts = {{0, 1, 12'000, 60'000}};
  Tellers tellers{spec, {}};
  tellers.put_at(member(1), 11'000, token_key(1), 1);
  tellers.remove_at(member(0), 20'000, token_key(1), 2);
  tellers.world.run(1'000'000);
  const auto drops = tellers.world.drops();
  REQUIRE(drops.size() == 1);
  CHECK(drops[0].first.time == at_ms(911'000));
}

/// Nodes with memories of their own, subscribed to one broker.
struct Topic {
  struct Node final : broker::SubscriberHost {
    Node(LocalCache& cache, domain::NodeId id, const GlobalInvalidationSpec& spec, broker::Broker& broker)
        : local{cache}, global{cache, id, spec, [to = &broker](const broker::Event& event) { to->publish(event); }} {}
    void act_on(const broker::Event& event) override { global.act_on(event); }
    void connected(const broker::Absence&) override {}

    LocalCache& local;
    GlobalInvalidation global;
  };

  Topic(World& of, const std::vector<GlobalInvalidationSpec>& specs)
      : world{of}, broker{of.site_of(member(0)), of.power[0], domain::NodeId{100}, {Stage::kLinkDown}} {
    for (std::size_t i = 0; i < specs.size(); ++i) {
      const auto id = static_cast<MemberId>(i);
      const domain::NodeId node = of.cluster.roster()[id].node;
      nodes.push_back(std::make_unique<Node>(of.local(id), node, specs[i], broker));
      broker::SubscriberSpec spec;
      spec.connection.tick = {};
      subscribers.push_back(std::make_unique<broker::Subscriber>(of.site_of(id), node, "s" + std::to_string(i), spec,
                                                                 std::vector<broker::Broker*>{&broker}, *nodes[i]));
      of.at(id, 0, [to = subscribers.back().get()] { to->start(); });
    }
  }

  void put_at(int i, std::int64_t ms, const Key& key) {
    world.at(member(i), ms, [this, i, key] {
      const sim::VirtualTime now = world.site_of(member(i)).now();
      world.local(member(i)).put(key, {.version = version(1), .written = now}, now, Origin::source(now));
    });
  }
  void remove_at(int i, std::int64_t ms, domain::ObjectRef object) {
    world.at(member(i), ms, [this, i, object] {
      const domain::Hop news{domain::NodeId{0}, object, {}};
      nodes[static_cast<std::size_t>(i)]->global.remove(object, version(2),
                                                        world.site_of(member(i)).record(news.pack()));
    });
  }

  World& world;
  broker::Broker broker;
  std::vector<std::unique_ptr<Node>> nodes;
  std::vector<std::unique_ptr<broker::Subscriber>> subscribers;
};

GlobalInvalidationSpec switched_on(CacheAddress address = {}) { return {GlobalInvalidationMode::kOn, address, {}}; }

TEST_CASE("a global invalidation ends all entries of its object at other nodes, one way later") {
  World world{{}};
  Topic topic{world, {switched_on(), switched_on(), switched_on(), switched_on()}};
  const Key one = token_key(1);
  for (int i = 0; i < 4; ++i) {
    topic.put_at(i, 1'000, one);
    topic.put_at(i, 1'000, {one.object, 5});
    topic.put_at(i, 1'000, token_key(2));
  }
  topic.remove_at(0, 2'000, one.object);
  world.run(3'000);
  const auto drops = world.drops();
  REQUIRE(drops.size() == 8);
  for (const auto& [record, drop] : drops) {
    CHECK(drop.object == one.object);
    CHECK(record.time == at_ms(domain::index(drop.layer) < 2 ? 2'000 : 2'040));
  }
  CHECK(drops[7].second.passage == Passage{Stage::kNone, Stage::kBroker, at_ms(2'000)});
  for (int i = 0; i < 4; ++i) CHECK(world.local(member(i)).size() == 1);
  std::uint64_t sent = 0;
  for (const auto& node : topic.nodes) sent += node->global.sent();
  CHECK(sent == 1);  // the receivers send nothing
  CHECK(topic.nodes[0]->global.obeyed() == 0);
}

TEST_CASE("other caches, domains and tenants leave it alone, and so does who has it off") {
  World world{{}};
  Topic topic{world,
              {switched_on(), switched_on({.cache = 1}), switched_on({.domain = 1}),
               switched_on({.cache = 0, .domain = 0, .tenant = 1})}};
  for (int i = 0; i < 4; ++i) topic.put_at(i, 1'000, token_key(1));
  topic.remove_at(0, 2'000, token_key(1).object);
  world.run(3'000);
  CHECK(world.drops().size() == 1);

  World quiet{{}};
  Topic off{quiet, {GlobalInvalidationSpec{}, switched_on(), switched_on(), switched_on()}};
  for (int i = 0; i < 4; ++i) off.put_at(i, 1'000, token_key(1));
  off.remove_at(0, 2'000, token_key(1).object);
  off.remove_at(1, 2'500, token_key(1).object);
  quiet.run(3'000);
  const auto drops = quiet.drops();
  REQUIRE(drops.size() == 4);
  CHECK(drops[0].second.layer == domain::LayerId{0});  // its own removal, that it told nobody of
  CHECK(drops[1].first.time == at_ms(2'500));
}

}  // namespace
}  // namespace parallax::propagation::caches
