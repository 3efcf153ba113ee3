// Whatever the network does, a connection delivers in order and once, and the number of threads does not show.
#include <catch2/catch.hpp>
#include <memory>
#include <string>
#include <tuple>
#include <vector>

#include "any_world.h"
#include "sim/connection.h"
#include "sim/fingerprint.h"
#include "sim/simulation.h"
#include "tests/support/checked_property.h"

namespace parallax::sim {
namespace {

using parallax::testing::check;
using parallax::testing::pick;
using testing::at_ms;

enum class Said : std::uint64_t { kOpened = 1, kClosed, kHeard };

/// Two owners that talk to each other over a connection: each sends numbered messages as long as it is open, the client
/// connects again when it is closed. All that they hear is in the journal, and what they hear in order is checked there
/// and then.
class Pair {
 public:
  struct Options {
    VirtualTime until;      ///< no message is sent later
    Duration gap;           ///< between two messages, on average
    bool may_close{false};  ///< owners close and lose power now and then
  };

  Pair(Site& client, Site& server, const std::string& name, const ConnectionSpec& spec, const Options& options)
      : options_{options},
        client_{*this, client, name + " client"},
        server_{*this, server, name + " server"},
        connection_{client, server, name, spec, client_, server_} {
    client.at(at_ms(1), [this] { connection_.client().connect(); });
  }

  bool is_in_order() const { return client_.is_in_order && server_.is_in_order; }
  bool is_complete() const {
    return client_.heard_of_last == server_.sent && server_.heard_of_last == client_.sent &&
           connection_client().unacknowledged() == 0;
  }
  std::uint64_t heard() const { return client_.heard + server_.heard; }
  std::uint64_t closed() const { return client_.closes + server_.closes; }

 private:
  struct Owner final : ConnectionListener {
    Owner(Pair& in, Site& where, const std::string& name) : pair{in}, site{where}, mood{where.stream(name, "mood")} {}

    void opened() override { pair.opened(*this); }
    void closed(Closed reason) override { pair.closed(*this, reason); }

    Pair& pair;
    Site& site;
    Stream mood;
    std::uint64_t connection{0};  ///< how often it has opened
    std::uint64_t sent{0};        ///< in this connection
    std::uint64_t heard_of{0};    ///< which connection of the other
    std::uint64_t heard_of_last{0};
    std::uint64_t heard{0};
    std::uint64_t closes{0};
    bool is_in_order{true};
  };

  const ConnectionEnd& connection_client() const { return const_cast<Pair*>(this)->connection_.client(); }
  ConnectionEnd& end_of(const Owner& self) { return &self == &client_ ? connection_.client() : connection_.server(); }
  Owner& other(const Owner& self) { return &self == &client_ ? server_ : client_; }

  void opened(Owner& self) {
    self.site.record({word(Said::kOpened), ++self.connection, 0, 0, 0});
    self.sent = 0;
    talk_later(self, self.connection);
  }

  void closed(Owner& self, Closed reason) {
    ++self.closes;
    self.site.record({word(Said::kClosed), static_cast<std::uint64_t>(reason), 0, 0, 0});
    if (&self == &client_) connect_later();
  }

  void connect_later() {
    client_.site.after(milliseconds(20), [this] { connection_.client().connect(); });
  }

  void talk_later(Owner& self, std::uint64_t connection) {
    const auto gap = static_cast<std::int64_t>(self.mood.below(static_cast<std::uint64_t>(2 * options_.gap.ns)));
    if (self.site.now() + Duration{gap} >= options_.until) return;
    self.site.after({gap}, [this, &self, connection] { talk(self, connection); });
  }

  void talk(Owner& self, std::uint64_t connection) {
    if (connection != self.connection || !end_of(self).is_open()) return;
    say(self);
    if (options_.may_close && self.mood.below(50) == 0) return part(self);
    talk_later(self, connection);
  }

  void say(Owner& self) {
    const auto packets = static_cast<std::uint32_t>(1 + self.mood.below(4));
    end_of(self).send([this, to = &other(self), connection = self.connection,
                       number = ++self.sent] { hear(*to, connection, number); },
                      packets);
  }

  void part(Owner& self) {
    ConnectionEnd& end = end_of(self);
    if (self.mood.below(2) == 0) {
      end.close();
      if (&self == &client_) connect_later();
      return;
    }
    end.lose();
    self.site.after(milliseconds(100), [this, &self] {
      end_of(self).restore();
      if (&self == &client_) connect_later();
    });
  }

  void hear(Owner& self, std::uint64_t connection, std::uint64_t number) {
    ++self.heard;
    self.site.record({word(Said::kHeard), connection, number, 0, 0});
    if (connection != self.heard_of) self.heard_of_last = 0;
    if (connection < self.heard_of || number != self.heard_of_last + 1) self.is_in_order = false;
    self.heard_of = connection;
    self.heard_of_last = number;
    if (number % 5 == 0 && end_of(self).is_open() && self.site.now() < options_.until) say(self);
  }

  static std::uint64_t word(Said said) { return static_cast<std::uint64_t>(said); }

  Options options_;
  Owner client_;
  Owner server_;
  Connection connection_;
};

struct World {
  SimulationSpec spec;
  ConnectionSpec connection;
  Pair::Options options;
  std::size_t pairs;
};

Distribution any_delay() {
  const auto ms = milliseconds(pick<std::int64_t>(1, 50));
  switch (pick(0, 3)) {
    case 0:
      return Distribution::constant(ms);
    case 1:
      return Distribution::uniform(ms, 3 * ms);
    default:
      return Distribution::shifted_lognormal(2 * ms, 4 * ms, ms);
  }
}

/// Three sites in a line, so that some ways have two links.
World any_connections() {
  World world;
  world.spec.seed = *rc::gen::arbitrary<std::uint64_t>();
  world.spec.sites = {"a", "b", "c"};
  for (const auto& [from, to] : {std::pair{0, 1}, {1, 0}, {1, 2}, {2, 1}}) {
    world.spec.links.push_back({SiteId{static_cast<std::uint16_t>(from)}, SiteId{static_cast<std::uint16_t>(to)},
                                any_delay(), *rc::gen::element(0.0, 0.0, 0.01, 0.03)});
  }
  for (int cuts = pick(0, 6); cuts > 0; --cuts) {
    const auto from = pick<std::int64_t>(0, 4'000);
    const auto length = *rc::gen::element<std::int64_t>(1, 50, 500, 3'000);
    const auto link = static_cast<LinkId>(pick<std::uint32_t>(0, 4));
    world.spec.outages.push_back({link, at_ms(from), at_ms(from + length), world.spec.faults++});
  }
  ConnectionSpec& spec = world.connection;
  spec.messages_per_packet = *rc::gen::element(0U, 1U, 6U);
  spec.handshake_round_trips = pick(1U, 4U);
  spec.tick = *rc::gen::element(Duration{}, milliseconds(4));
  world.options = {at_ms(5'000), milliseconds(pick<std::int64_t>(3, 60)), false};
  world.pairs = pick<std::size_t>(1, 4);
  return world;
}

struct Outcome {
  Fingerprint fingerprint;
  std::uint64_t events;
  std::vector<std::uint64_t> touched;
  Duration lookahead;
  std::uint64_t heard{0};
  std::uint64_t closed{0};
  bool is_in_order{true};
  bool is_complete{true};
};

Outcome run(const World& world, unsigned threads, VirtualTime end) {
  SimulationSpec spec = world.spec;
  spec.threads = threads;
  Simulation simulation{spec};
  Hasher hasher;
  simulation.add_reader([&hasher](std::span<const Record> records) {
    for (const Record& record : records) hasher.add(record);
  });
  std::vector<std::unique_ptr<Pair>> pairs;
  for (std::size_t i = 0; i < world.pairs; ++i) {
    Site& client = simulation.site(SiteId{static_cast<std::uint16_t>(i % 3)});
    Site& server = simulation.site(SiteId{static_cast<std::uint16_t>((i + 1 + i / 3 % 2) % 3)});
    pairs.push_back(
        std::make_unique<Pair>(client, server, "pair " + std::to_string(i), world.connection, world.options));
  }
  simulation.run(end);
  Outcome outcome{hasher.digest(), simulation.events(), simulation.touched(), simulation.lookahead()};
  for (const auto& pair : pairs) {
    outcome.heard += pair->heard();
    outcome.closed += pair->closed();
    outcome.is_in_order = outcome.is_in_order && pair->is_in_order();
    outcome.is_complete = outcome.is_complete && pair->is_complete();
  }
  return outcome;
}

bool are_alike(const Outcome& x, const Outcome& y) {
  const auto fields = [](const Outcome& o) {
    return std::tie(o.fingerprint.high, o.fingerprint.low, o.events, o.touched, o.heard, o.closed);
  };
  return fields(x) == fields(y);
}

TEST_CASE("under any jitter, loss and outages everything arrives in order and once") {
  std::uint64_t heard = 0;
  check("in order, exactly once", 300, [&heard] {
    const World world = any_connections();
    const Outcome outcome = run(world, 1, at_ms(3'600'000));
    RC_ASSERT(outcome.is_in_order);
    RC_ASSERT(outcome.is_complete);
    RC_ASSERT(outcome.closed == 0U);
    heard += outcome.heard;
  });
  CHECK(heard > 100'000);
}

TEST_CASE(
    "whoever closes, loses power or falls silent, each connection delivers a beginning of what was sent over it") {
  std::uint64_t heard = 0;
  std::uint64_t closed = 0;
  check("in order, at most once", 300, [&] {
    World world = any_connections();
    world.options.may_close = true;
    if (pick(0, 2) == 0) world.connection.client_silence_timeout = milliseconds(pick<std::int64_t>(300, 2'000));
    if (pick(0, 2) == 0) world.connection.server_silence_timeout = milliseconds(pick<std::int64_t>(300, 2'000));
    if (pick(0, 2) == 0) world.connection.connect_timeout = milliseconds(pick<std::int64_t>(200, 2'000));
    const Outcome outcome = run(world, 1, at_ms(30'000));
    RC_ASSERT(outcome.is_in_order);
    heard += outcome.heard;
    closed += outcome.closed;
  });
  CHECK(heard > 50'000);
  CHECK(closed > 2'000);
}

TEST_CASE("connections run alike with one thread and with several") {
  int worlds_of_many_threads = 0;
  check("threads do not show", 20, [&] {
    World world = any_connections();
    world.pairs = *rc::gen::element<std::size_t>(3, 60, 200);  // the latter worth threads (simulation.cpp)
    world.options.gap = milliseconds(pick<std::int64_t>(5, 30));
    world.options.until = at_ms(1'500);
    world.options.may_close = pick(0, 2) == 0;
    const Outcome one = run(world, 1, at_ms(10'000));
    for (const unsigned threads : {2U, 3U}) RC_ASSERT(are_alike(run(world, threads, at_ms(10'000)), one));
    // Threads take part in windows after one of 200 events. Most of all falls into the first 3 s.
    if (one.events > 200 * static_cast<std::uint64_t>(seconds(3) / one.lookahead)) ++worlds_of_many_threads;
  });
  CHECK(worlds_of_many_threads >= 3);
}

}  // namespace
}  // namespace parallax::sim
