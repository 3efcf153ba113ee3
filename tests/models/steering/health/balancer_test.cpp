// The balancer by hand: a few servers, a few requests, and the arithmetic beside each.
#include <algorithm>
#include <catch2/catch.hpp>
#include <memory>
#include <vector>

#include "models/steering/health/profiles.h"
#include "sim/simulation.h"

namespace parallax::test {

namespace health = steering::health;
using health::Affinity;
using health::Result;
using sim::milliseconds;
using sim::seconds;

namespace {

constexpr sim::Duration kOneWay = milliseconds(1);

/// Servers take `service` for a request; checks every 2 s as HAProxy's.
class Balanced final : public health::BalancerHost {
 public:
  struct Answered {
    health::Reply reply;
    sim::Duration took;
  };

  explicit Balanced(const health::BalancerSpec& spec, std::uint32_t servers = 3,
                    sim::Duration service = milliseconds(10))
      : simulation_{world(servers)} {
    std::vector<health::Port*> all;
    for (std::uint32_t i = 0; i < servers; ++i) {
      ports_.push_back(std::make_unique<health::Port>(simulation_.site(static_cast<sim::SiteId>(i + 1)), "server",
                                                      sim::Distribution::constant(service)));
      all.push_back(ports_.back().get());
    }
    balancer_ = std::make_unique<health::Balancer>(simulation_.site({}), "balancer", spec, all, *this);
    balancer_->start();
  }

  void run_until(sim::Duration when) { simulation_.run(sim::VirtualTime{} + when); }
  health::Balancer& balancer() { return *balancer_; }
  health::Port& port(std::uint32_t server) { return *ports_[server]; }

  void ask(health::Request request = {}) {
    request.number = begun_.size();
    begun_.push_back(simulation_.site({}).now());
    answers_.emplace_back();
    balancer_->submit(request);
  }

  /// Sends it and waits for 200 ms, well above two round trips and a service time.
  health::Reply asked(health::Request request = {}) {
    ask(request);
    simulation_.run(simulation_.now() + milliseconds(200));
    return answers_.back().reply;
  }

  const std::vector<Answered>& answers() const { return answers_; }
  std::size_t answered() const { return answered_; }

 private:
  static sim::SimulationSpec world(std::uint32_t servers) {
    sim::SimulationSpec spec;
    spec.sites = {"balancer"};
    const auto delay = sim::Distribution::constant(kOneWay);
    for (std::uint32_t i = 1; i <= servers; ++i) {
      spec.sites.push_back("server " + std::to_string(i));
      spec.links.push_back({{}, static_cast<sim::SiteId>(i), delay});
      spec.links.push_back({static_cast<sim::SiteId>(i), {}, delay});
    }
    return spec;
  }

  void replied(const health::Reply& reply) override {
    ++answered_;
    answers_[reply.request.number] = {reply, simulation_.site({}).now() - begun_[reply.request.number]};
  }

  sim::Simulation simulation_;
  std::vector<std::unique_ptr<health::Port>> ports_{};
  std::unique_ptr<health::Balancer> balancer_{};
  std::vector<sim::VirtualTime> begun_{};
  std::vector<Answered> answers_{};
  std::size_t answered_{0};
};

health::Request from(std::uint32_t source) {
  health::Request request;
  request.source = source;
  return request;
}

health::Request over(std::uint64_t connection) {
  health::Request request;
  request.connection = connection;
  return request;
}

std::vector<std::uint32_t> servers_of(Balanced& world, int requests) {
  std::vector<std::uint32_t> servers;
  for (int i = 0; i < requests; ++i) servers.push_back(world.asked().server);
  return servers;
}

}  // namespace

// Connecting takes a round trip of 2 ms, asking another and the service time of 10 ms.
TEST_CASE("round robin takes servers in turn") {
  Balanced world{health::haproxy()};
  CHECK(servers_of(world, 6) == std::vector<std::uint32_t>{0, 1, 2, 0, 1, 2});
  CHECK(world.answers()[0].took == milliseconds(14));
}

// Three long requests at once go to three servers; a fourth to the first again, which then has two in hand.
TEST_CASE("least connections go where least is in hand") {
  health::BalancerSpec spec = health::haproxy();
  spec.algorithm = health::Algorithm::kLeastConnections;
  Balanced world{spec, 3, seconds(1)};
  for (int i = 0; i < 4; ++i) world.ask();
  world.run_until(milliseconds(500));
  CHECK(world.balancer().in_hand(0) == 2);
  CHECK(world.balancer().in_hand(1) == 1);
  CHECK(world.balancer().in_hand(2) == 1);
  world.run_until(seconds(3));
  for (std::uint32_t server = 0; server < 3; ++server) CHECK(world.balancer().in_hand(server) == 0);
}

// fall 3, interval 2 s, connect time-out 5 s but 2 s for a check: down within 2 x 2 + 2 s, refused.
TEST_CASE("an address stays at its server, moves when that is gone, and comes back with it") {
  health::BalancerSpec spec = health::haproxy();
  spec.algorithm = health::Algorithm::kSource;
  Balanced world{spec};
  std::vector<std::uint32_t> before;
  for (std::uint32_t source = 1; source <= 30; ++source) before.push_back(world.asked(from(source)).server);
  for (std::uint32_t source = 1; source <= 30; ++source) {
    CHECK(world.asked(from(source)).server == before[source - 1]);
  }
  for (std::uint32_t server = 0; server < 3; ++server) {
    CHECK(std::count(before.begin(), before.end(), server) >= 3);
  }
  world.port(1).stop();
  world.run_until(seconds(30));
  for (std::uint32_t source = 1; source <= 30; ++source) CHECK(world.asked(from(source)).server != 1);
  world.port(1).start();
  world.run_until(seconds(60));
  for (std::uint32_t source = 1; source <= 30; ++source) {
    CHECK(world.asked(from(source)).server == before[source - 1]);
  }
}

TEST_CASE("a cookie keeps a client at its server; when that is gone its session is, and it does not go back") {
  health::BalancerSpec spec = health::haproxy();
  spec.persistence = health::Persistence::kCookie;
  Balanced world{spec};
  health::CookieJar jar{health::CookieJar::Cookies::kKept};
  const auto ask = [&] {
    health::Request request;
    jar.put_into(request);
    const health::Reply reply = world.asked(request);
    jar.take_from(reply);
    return reply;
  };
  CHECK(ask().affinity == Affinity::kNone);
  for (int i = 0; i < 5; ++i) {
    const health::Reply reply = ask();
    CHECK(reply.server == 0);
    CHECK(reply.affinity == Affinity::kKept);
  }
  world.port(0).stop();
  world.run_until(seconds(30));
  const health::Reply moved = ask();
  CHECK(moved.result == Result::kAnswered);
  CHECK(moved.affinity == Affinity::kLost);
  CHECK(moved.server != 0);
  world.port(0).start();
  world.run_until(seconds(60));
  CHECK(ask().server == moved.server);
}

TEST_CASE("a client that drops cookies is balanced anew with each request") {
  health::BalancerSpec spec = health::haproxy();
  spec.persistence = health::Persistence::kCookie;
  Balanced world{spec};
  health::CookieJar jar{health::CookieJar::Cookies::kDropped};
  for (std::uint32_t i = 0; i < 6; ++i) {
    health::Request request;
    jar.put_into(request);
    const health::Reply reply = world.asked(request);
    jar.take_from(reply);
    CHECK(reply.server == i % 3);
    CHECK(reply.affinity == Affinity::kNone);
  }
}

// Unlike a hash, the table remembers where an address went when its server was gone.
TEST_CASE("a table of addresses keeps clients where they were moved to") {
  health::BalancerSpec spec = health::haproxy();
  spec.persistence = health::Persistence::kSourceTable;
  Balanced world{spec};
  REQUIRE(world.asked(from(9)).server == 0);
  CHECK(world.asked(from(9)).affinity == Affinity::kKept);
  world.port(0).stop();
  world.run_until(seconds(30));
  const health::Reply moved = world.asked(from(9));
  CHECK(moved.affinity == Affinity::kLost);
  world.port(0).start();
  world.run_until(seconds(60));
  const health::Reply later = world.asked(from(9));
  CHECK(later.server == moved.server);
  CHECK(later.affinity == Affinity::kKept);
}

TEST_CASE("a server that drains takes its own clients only, one in maintenance none") {
  health::BalancerSpec spec = health::haproxy();
  spec.persistence = health::Persistence::kCookie;
  Balanced world{spec, 2};
  health::Request own;
  own.cookie = 0;
  world.balancer().set_duty(0, health::Duty::kDraining);
  CHECK(servers_of(world, 3) == std::vector<std::uint32_t>{1, 1, 1});
  CHECK(world.asked(own).server == 0);
  world.balancer().set_duty(0, health::Duty::kMaintenance);
  const health::Reply moved = world.asked(own);
  CHECK(moved.server == 1);
  CHECK(moved.affinity == Affinity::kLost);
  world.balancer().set_duty(1, health::Duty::kMaintenance);
  CHECK(world.asked().result == Result::kNoServer);
}

// Refused after 2 ms; tried again 1 s after each refusal at the same server: 4 x 2 ms + 3 s.
TEST_CASE("retries without redispatch stay with the server") {
  health::HaproxyOptions options;
  options.inter = seconds(60);
  Balanced world{health::haproxy(options), 2};
  world.port(0).stop();
  world.ask();
  world.run_until(seconds(10));
  const auto& first = world.answers()[0];
  CHECK(first.reply.result == Result::kNotConnected);
  CHECK(first.reply.retries == 3);
  CHECK(first.took == seconds(3) + milliseconds(8));
}

// Refused after 2 ms and sent to the next at once: 2 + 14 ms.
TEST_CASE("redispatch goes on to the next server at once, and a cookie's client only with its last retry") {
  health::HaproxyOptions options;
  options.inter = seconds(60);
  options.redispatch = health::Redispatch::kLastRetry;
  health::BalancerSpec spec = health::haproxy(options);
  Balanced world{spec, 2};
  world.port(0).stop();
  world.ask();
  world.run_until(seconds(1));
  CHECK(world.answers()[0].reply.result == Result::kAnswered);
  CHECK(world.answers()[0].took == milliseconds(16));

  // Three refusals of 2 ms with a second after the first two; the third retry goes elsewhere, at once.
  spec.persistence = health::Persistence::kCookie;
  Balanced sticky{spec, 2};
  sticky.port(0).stop();
  health::Request own;
  own.cookie = 0;
  sticky.ask(own);
  sticky.run_until(seconds(10));
  CHECK(sticky.answers()[0].reply.result == Result::kAnswered);
  CHECK(sticky.answers()[0].reply.affinity == Affinity::kLost);
  CHECK(sticky.answers()[0].took == seconds(2) + milliseconds(6 + 14));
}

// A silent one is given up after the connect time-out of 1 s, and tried again without a pause: 4 s.
TEST_CASE("a silent server costs a connect time-out for each attempt") {
  health::HaproxyOptions options;
  options.inter = seconds(60);
  options.timeout_connect = seconds(1);
  Balanced world{health::haproxy(options), 2};
  world.port(0).lose();
  world.ask();
  world.run_until(seconds(10));
  CHECK(world.answers()[0].reply.result == Result::kNotConnected);
  CHECK(world.answers()[0].took == seconds(4));
}

TEST_CASE("what is under way breaks with its server, and is given up after the time-out") {
  health::HaproxyOptions options;
  options.inter = seconds(60);
  options.timeout_server = seconds(3);
  Balanced world{health::haproxy(options), 2, seconds(5)};
  world.ask();  // to the first, which is stopped while it serves
  world.ask();  // to the second, which takes longer than the time-out
  world.run_until(seconds(1));
  world.port(0).stop();
  world.run_until(seconds(10));
  CHECK(world.answers()[0].reply.result == Result::kBroken);
  CHECK(world.answers()[0].took == seconds(1) + kOneWay);
  CHECK(world.answers()[1].reply.result == Result::kNoAnswer);
  CHECK(world.answers()[1].took == seconds(3) + 2 * kOneWay);
}

// The first request connects; those that find its connection idle need a round trip less.
TEST_CASE("connections that are kept save a round trip") {
  health::BalancerSpec spec = health::haproxy();
  spec.idle_connections = 4;
  Balanced world{spec, 1};
  for (int i = 0; i < 3; ++i) world.asked();
  CHECK(world.answers()[0].took == milliseconds(14));
  CHECK(world.answers()[1].took == milliseconds(12));
  CHECK(world.answers()[2].took == milliseconds(12));
  // The server closes them when it stops; the next request connects again, and finds it up.
  world.port(0).stop();
  world.run_until(milliseconds(700));
  world.port(0).start();
  CHECK(world.asked().result == Result::kAnswered);
  CHECK(world.answers()[3].took == milliseconds(14));
}

TEST_CASE("a balancer of connections keeps them where they are, whatever is judged later, until they break") {
  health::BalancerSpec spec = health::haproxy();
  spec.unit = health::Unit::kConnection;
  Balanced world{spec, 2};
  REQUIRE(world.asked(over(1)).server == 0);
  REQUIRE(world.asked(over(2)).server == 1);
  CHECK(world.balancer().in_hand(0) == 1);
  world.balancer().set_duty(0, health::Duty::kMaintenance);
  for (int i = 0; i < 5; ++i) CHECK(world.asked(over(1)).server == 0);
  CHECK(world.asked(over(3)).server == 1);
  CHECK(world.balancer().in_hand(1) == 2);
  // Not ready any more for the checker, which marks it down; what is connected goes on.
  world.balancer().set_duty(0, health::Duty::kReady);
  world.port(0).set_status(health::Status::kBad);
  world.run_until(seconds(30));
  REQUIRE(world.balancer().verdict(0) == health::Verdict::kDown);
  CHECK(world.asked(over(1)).server == 0);
  CHECK(world.asked(over(4)).server == 1);
  world.port(0).stop();
  world.run_until(seconds(32));
  CHECK(world.balancer().in_hand(0) == 0);
  CHECK(world.asked(over(1)).server == 1);
  world.balancer().client_closed(1);
  world.balancer().client_closed(2);
  CHECK(world.balancer().in_hand(1) == 2);
}

TEST_CASE("shutting the sessions of a server that is marked down breaks what is under way") {
  health::BalancerSpec spec = health::haproxy();
  spec.when_marked_down = health::WhenMarkedDown::kIsShut;
  Balanced world{spec, 2, seconds(40)};
  world.port(0).set_status(health::Status::kBad);  // answers to checks come too late anyway
  world.ask();
  world.run_until(seconds(30));
  CHECK(world.balancer().verdict(0) == health::Verdict::kDown);
  CHECK(world.answers()[0].reply.result == Result::kBroken);
}

// Two connections: the third request waits for the first answer at 14 ms and has its own 14 ms later, the seventh would
// wait for 42 ms, longer than the time-out of 40.
TEST_CASE("requests beyond the connections wait their turn, and not for ever") {
  health::HaproxyOptions options;
  options.timeout_connect = milliseconds(40);
  health::BalancerSpec spec = health::haproxy(options);
  spec.connections = 2;
  Balanced world{spec, 1};
  for (int i = 0; i < 8; ++i) world.ask();
  world.run_until(milliseconds(300));
  for (const std::size_t place : {0U, 1U}) CHECK(world.answers()[place].took == milliseconds(14));
  for (const std::size_t place : {2U, 3U}) CHECK(world.answers()[place].took == milliseconds(28));
  for (const std::size_t place : {6U, 7U}) {
    CHECK(world.answers()[place].reply.result == Result::kQueueFull);
    CHECK(world.answers()[place].took == milliseconds(40));
  }
  CHECK(world.answered() == 8);
  CHECK(world.balancer().in_hand(0) == 0);
}

// One connection to the server. The first client's request takes it, the second's waits; then both clients go.
TEST_CASE("a client that goes away is not answered, whether its request is served or waits") {
  health::BalancerSpec spec = health::haproxy();
  spec.unit = health::Unit::kConnection;
  spec.connections = 1;
  Balanced world{spec, 1, seconds(1)};
  world.ask(over(1));
  world.ask(over(2));
  world.run_until(milliseconds(500));
  world.balancer().client_closed(2);
  world.balancer().client_closed(1);
  world.run_until(seconds(10));
  CHECK(world.answered() == 0);
  CHECK(world.balancer().in_hand(0) == 0);
  world.ask(over(3));
  world.run_until(seconds(20));
  CHECK(world.answered() == 1);
  CHECK(world.answers()[2].took == seconds(1) + milliseconds(4));
}

// Servers fail and come back at random: every request is answered once, and nothing stays in hand.
TEST_CASE("every request is answered once, over 60 seeds of failures, whatever the balancer") {
  for (std::uint64_t seed = 1; seed <= 60; ++seed) {
    sim::Stream draws{seed, "balancer", "options"};
    health::HaproxyOptions options;
    options.timeout_connect = seconds(1);
    options.timeout_server = seconds(2);
    options.retries = static_cast<std::uint32_t>(draws.below(4));
    options.redispatch = static_cast<health::Redispatch>(draws.below(3));
    health::BalancerSpec spec = health::haproxy(options);
    spec.algorithm = static_cast<health::Algorithm>(draws.below(3));
    spec.persistence = static_cast<health::Persistence>(draws.below(3));
    spec.unit = static_cast<health::Unit>(draws.below(2));
    spec.when_marked_down = static_cast<health::WhenMarkedDown>(draws.below(2));
    spec.connections = static_cast<std::uint32_t>(2 + draws.below(20));
    spec.idle_connections = static_cast<std::uint32_t>(draws.below(3));
    Balanced world{spec, 3, milliseconds(30)};
    std::uint64_t connections = 0;
    for (int step = 1; step <= 600; ++step) {
      health::Request request = from(static_cast<std::uint32_t>(draws.below(20)));
      request.cookie = static_cast<std::uint32_t>(draws.below(4));
      request.connection = ++connections;
      world.ask(request);
      if (step % 60 == 0) {
        health::Port& port = world.port(static_cast<std::uint32_t>(draws.below(3)));
        switch (draws.below(4)) {
          case 0:
            port.stop();
            break;
          case 1:
            port.lose();
            break;
          default:
            port.restore();
        }
      }
      world.run_until(milliseconds(50 * step));
    }
    for (std::uint32_t server = 0; server < 3; ++server) world.port(server).restore();
    world.run_until(seconds(60));
    for (std::uint64_t connection = 1; connection <= connections; ++connection) {
      world.balancer().client_closed(connection);
    }
    INFO("seed " << seed);
    CHECK(world.answered() == 600);
    for (std::uint32_t server = 0; server < 3; ++server) CHECK(world.balancer().in_hand(server) == 0);
  }
}

}  // namespace parallax::test
