// Somebody who looks once in a while: read-only sites at an artifact server, mirrors, mounted folders. Where in its
// period a publication falls is uniform, so the window is uniform too; what cuts do is worked out by hand.
#include "models/propagation/artifacts/poller.h"

#include "models/propagation/artifacts/repository.h"
#include "models/propagation/ticks.h"
#include "tests/models/propagation/artifacts/shelf.h"
#include "tests/sim/goodness_of_fit.h"
#include "tests/support/checked_property.h"

namespace parallax::propagation::artifacts {
namespace {

using namespace testing;
using parallax::testing::check;
using parallax::testing::pick;
using sim::testing::ks_critical;
using sim::testing::ks_distance;

constexpr sim::Duration kBack = milliseconds(40);       // from the source to who asks
constexpr sim::Duration kQuestion = milliseconds(240);  // two round trips to connect, one for the question

sim::VirtualTime at_ns(std::int64_t ns) { return {ns}; }
std::int64_t in_ms(sim::VirtualTime t) { return t.ns / 1'000'000; }
double in_seconds(sim::Duration d) { return static_cast<double>(d.ns) / 1e9; }

/// An artifact server at data center 0, a gateway at 1 that looks there.
struct Fetching {
  explicit Fetching(const PollSpec& spec, const std::vector<Cut>& cuts = {},
                    const RequestSpec& requests = exact_requests(), std::uint64_t seed = 1)
      : sites{cuts, seed},
        server{sites.place(0)},
        requester{sites.site(1), sites.site(0), power, "fetch", requests, server, {Stage::kLinkDown}},
        gateway{sites.gateway(1)},
        sink{gateway},
        poller{gateway.place(), "gateway", spec, requester, sink} {
    sites.at(1, 0, [this] { poller.start(); });
  }

  void publish(std::int64_t ns, ApiId api, std::uint32_t n) {
    sites.site(0).at(at_ns(ns), [this, api, n] { server.take(sites.publish(api, n)); });
  }

  Sites sites;
  sim::Power power;
  Repository server;
  Requester requester;
  Gateway& gateway;
  Deployment sink;
  Poller poller;
};

/// The look that comes first at or after `from`, for cuts to be laid around it.
sim::VirtualTime look_after(sim::VirtualTime from, sim::Duration period) {
  Sites sites;
  return next_tick(from, draw_phase(sites.site(1), "gateway poll", period), period);
}

TEST_CASE("what is published before a look is there one question after it") {
  const sim::VirtualTime look = look_after(at_ms(100'000), seconds(60));
  Fetching world{{.period = seconds(60)}};
  world.publish(look.ns - 20'000'000'001, kApi, 1);
  world.sites.run(300'000);
  check_pieces(world.sites.trip(world.gateway, kApi, 1),
               {{kPollWait, sim::nanoseconds(20'000'000'001)}, {kTransfer, kQuestion}});
}

// The source is asked 200 ms after the look.
TEST_CASE("what is published while the question is under way comes with its answer") {
  const sim::VirtualTime look = look_after(at_ms(100'000), seconds(60));
  Fetching world{{.period = seconds(60)}};
  world.publish(look.ns + 150'000'000, kApi, 1);
  world.publish(look.ns + 210'000'000, kOtherApi, 1);
  world.sites.run(300'000);
  check_pieces(world.sites.trip(world.gateway, kApi, 1), {{kTransfer, milliseconds(90)}});
  check_pieces(world.sites.trip(world.gateway, kOtherApi, 1),
               {{kPollWait, seconds(60) - milliseconds(210)}, {kTransfer, kQuestion}});
}

/// Of 1,500 publications, at instants that have nothing to do with the period.
std::vector<double> windows_of_many(Fetching& world, sim::Duration period) {
  sim::Stream stream = world.sites.site(2).stream("test", "instants");
  std::int64_t when = 10 * period.ns;
  for (std::uint32_t n = 1; n <= 1'500; ++n) {
    when += 2 * period.ns + static_cast<std::int64_t>(stream.below(static_cast<std::uint64_t>(period.ns)));
    world.publish(when, kApi, n);
  }
  world.sites.simulation.run(at_ns(when + 10 * period.ns));
  std::vector<double> windows;
  for (const Trip& trip : world.sites.trips) {
    CHECK(is_accounted_for(trip));
    windows.push_back(in_seconds(trip.window()));
  }
  return windows;
}

TEST_CASE("a period P and a way s from the source make a window that is uniform on [s, s + P]") {
  for (const std::int64_t period : {15, 60, 300}) {
    Fetching world{{.period = seconds(period)}};
    const std::vector<double> windows = windows_of_many(world, seconds(period));
    REQUIRE(windows.size() == 1'500);
    const double s = in_seconds(kBack);
    const auto uniform = [&](double x) { return std::clamp((x - s) / static_cast<double>(period), 0.0, 1.0); };
    CHECK(ks_distance(windows, uniform) < ks_critical(windows.size()));
    // And that the test would see 5 % of the period more.
    const auto late = [&](double x) {
      return std::clamp((x - s - 0.05 * static_cast<double>(period)) / static_cast<double>(period), 0.0, 1.0);
    };
    CHECK(ks_distance(windows, late) > ks_critical(windows.size()));
  }
}

// --- A mirror, and a gateway that looks at the mirror

struct Mirrored {
  Mirrored(sim::Duration mirror_period, sim::Duration poll_period, std::uint64_t seed, sim::Duration service = {})
      : sites{{}, seed},
        master{sites.place(0)},
        mirror{sites.place(1), Keeps::kLastPut},
        up{sites.site(1), sites.site(0), sites.on, "mirror", served_in(service), master, {Stage::kLinkDown}},
        down{sites.site(1), sites.site(1), sites.on, "fetch", exact_requests(), mirror, {Stage::kLinkDown}},
        gateway{sites.gateway(1)},
        sink{gateway},
        mirroring{mirror.place(), "mirror", {.period = mirror_period, .wait = kMirrorWait}, up, mirror},
        polling{gateway.place(), "gateway", {.period = poll_period}, down, sink} {
    sites.at(1, 0, [this] {
      mirroring.start();
      polling.start();
    });
    sites.at(0, 100'000, [this] { master.take(sites.publish(kApi, 1)); });
    sites.run(100'000 + in_ms(sim::VirtualTime{} + 2 * (mirror_period + poll_period)));
  }
  static RequestSpec served_in(sim::Duration service) {
    RequestSpec spec = exact_requests();
    spec.service_time = service;
    return spec;
  }
  const Trip& trip() { return sites.trip(gateway, kApi, 1); }

  Sites sites;
  Repository master;
  Repository mirror;
  Requester up;
  Requester down;
  Gateway& gateway;
  Deployment sink;
  Poller mirroring;
  Poller polling;
};

TEST_CASE("a mirror of period M before a look of period P makes the sum of two uniform windows") {
  constexpr double m = 60;
  constexpr double p = 15;
  std::vector<double> windows;
  for (std::uint64_t seed = 1; seed <= 1'200; ++seed) {
    Mirrored world{seconds(60), seconds(15), seed};
    CHECK(is_accounted_for(world.trip()));
    windows.push_back(in_seconds(world.trip().window() - kBack));
  }
  const auto law = [](double x) {
    if (x <= 0) return 0.0;
    if (x < p) return x * x / (2 * m * p);
    if (x < m) return (2 * x - p) / (2 * m);
    return x < m + p ? 1 - (m + p - x) * (m + p - x) / (2 * m * p) : 1.0;
  };
  CHECK(ks_distance(windows, law) < ks_critical(windows.size()));
}

// The mirror has it later by as much, so it waits so much less for the look, or a period more.
TEST_CASE("a delay planted in the mirror's answer is charged to the transfer, to the nanosecond") {
  const sim::Duration x = sim::nanoseconds(1'234'567);
  for (std::uint64_t seed = 1; seed <= 100; ++seed) {
    Mirrored plain{seconds(60), seconds(15), seed};
    Mirrored slow{seconds(60), seconds(15), seed, x};
    CHECK(slow.trip().spent_on(kTransfer) == plain.trip().spent_on(kTransfer) + x);
    const sim::Duration less = plain.trip().spent_on(kPollWait) - slow.trip().spent_on(kPollWait);
    CHECK((less == x || less == x - seconds(15)));
    CHECK(is_accounted_for(slow.trip()));
  }
}

// --- Cuts

TEST_CASE("from the first look that a cut keeps back until the first that succeeds all is the cut's") {
  const sim::VirtualTime look = look_after(at_ms(100'000), seconds(60));
  RequestSpec requests = exact_requests();
  requests.timeout = seconds(10);
  Fetching world{{.period = seconds(60)}, {{1, in_ms(look) - 5'000, in_ms(look) + 70'000}}, requests};
  world.publish(look.ns - 20'000'000'000, kApi, 1);  // waits for that look, which is in the cut, as is the next
  world.publish(look.ns + 30'000'000'000, kOtherApi, 1);
  world.sites.run(400'000);
  check_pieces(world.sites.trip(world.gateway, kApi, 1),
               {{kPollWait, seconds(20)}, {Stage::kLinkDown, seconds(120) + kQuestion}});
  check_pieces(world.sites.trip(world.gateway, kOtherApi, 1),
               {{kPollWait, seconds(30)}, {Stage::kLinkDown, seconds(60) + kQuestion}});
}

TEST_CASE("a server without power is a data center that is down") {
  const sim::VirtualTime look = look_after(at_ms(100'000), seconds(60));
  RequestSpec requests = exact_requests();
  requests.timeout = seconds(10);
  Fetching world{{.period = seconds(60)}, {}, requests};
  world.publish(look.ns - 20'000'000'000, kApi, 1);
  world.sites.site(0).at(look - seconds(10), [&] {
    world.power.fail(world.sites.site(0).now());
    world.requester.source_lost();
  });
  world.sites.site(0).at(look + seconds(20), [&] {
    world.power.restore();
    world.requester.source_restored();
  });
  world.sites.run(400'000);
  // Noticed when the time-out has passed.
  check_pieces(world.sites.trip(world.gateway, kApi, 1),
               {{kPollWait, seconds(30)}, {Stage::kSiteDown, seconds(50) + kQuestion}});
}

// The connection has a round trip of 80 ms. TCP sends again after 280 ms, the time-out and with one packet under way
// the tail loss probe's too, 280 ms later, and then each time after twice as long: 0.28,
// 0.56, 1.12, 2.24, 4.48, 8.96, 17.92 and 35.84 s after the scan. The cut ends 25 s after it. The answer is there
// at 35.92 s. The second API would have been found by the next scan, 15 s after that one, which does not begin.
TEST_CASE("a hard mount hangs as long as the cut and until TCP tries again, and serves what it has meanwhile") {
  const sim::VirtualTime scan = look_after(at_ms(100'000), seconds(15));
  RequestSpec mount = hard_mount();
  mount.connection.tick = {};
  Fetching world{mounted_scan(), {{1, in_ms(scan) - 5'000, in_ms(scan) + 25'000}}, mount};
  world.publish(scan.ns - 2'000'000'000, kApi, 1);
  world.publish(scan.ns + 5'000'000'000, kOtherApi, 1);
  world.sites.run(400'000);
  check_pieces(world.sites.trip(world.gateway, kApi, 1),
               {{kPollWait, seconds(2)}, {Stage::kLinkDown, milliseconds(35'920)}});
  check_pieces(world.sites.trip(world.gateway, kOtherApi, 1),
               {{kPollWait, seconds(10)}, {Stage::kLinkDown, milliseconds(20'920)}});
}

TEST_CASE("a hard mount outlasts any cut, TCP's own patience too; a soft one begins again at each scan") {
  for (const RequestSpec& mount : {hard_mount(), soft_mount()}) {
    PollSpec scans = mounted_scan();
    if (mount.timeout.ns > 0) scans.after_failure = AfterFailure::kNextLook;
    Fetching world{scans, {{1, 100'000, 3'000'000}}, mount};
    world.publish(200'000'000'000, kApi, 1);
    world.sites.run(4'000'000);
    const Trip& trip = world.sites.trip(world.gateway, kApi, 1);
    CHECK(is_accounted_for(trip));
    CHECK(trip.served >= at_ms(3'000'000));
    CHECK(trip.served < at_ms(3'200'000));
    CHECK(trip.spent_on(Stage::kLinkDown) >= seconds(2'600));
  }
}

// --- Power

TEST_CASE("who loses its power looks again when it is back, for what it has not seen") {
  const sim::VirtualTime look = look_after(at_ms(100'000), seconds(60));
  Fetching world{{.period = seconds(60)}};
  world.publish(look.ns - 20'000'000'000, kApi, 1);
  world.sites.site(1).at(look + milliseconds(100), [&] { world.poller.lost(); });
  world.sites.site(1).at(look + seconds(70), [&] { world.poller.restored(); });
  world.sites.run(400'000);
  CHECK(world.gateway.served == std::vector<Served>{{in_ms(look + seconds(120) + kQuestion), kApi, 1}});
  CHECK(is_accounted_for(world.sites.trip(world.gateway, kApi, 1)));
}

TEST_CASE("a server that keeps the newest version does not take an older one that comes after it") {
  Sites sites;
  Repository server{sites.place(0)};
  Repository last{sites.place(0), Keeps::kLastPut};
  for (const std::uint32_t n : {2U, 1U}) {
    server.take({kApi, revision(n), {}});
    last.take({kApi, revision(n), {}});
  }
  CHECK(server.answer({kApi}).artifacts.front().facts.version == revision(2).version);
  CHECK(last.answer({kApi}).artifacts.front().facts.version == revision(1).version);
  CHECK(server.answer({kOtherApi}).status == Status::kNotFound);
  server.take({kApi, {.version = revision(3).version}, {}});  // removed
  CHECK(server.answer({kApi}).status == Status::kNotFound);
  CHECK(server.answer({}).artifacts.size() == 1);
}

TEST_CASE("whatever the cuts, what a server has comes to who looks, and every nanosecond is charged") {
  std::size_t served = 0;
  check("polls", 200, [&] {
    const auto period = seconds(pick<std::int64_t>(5, 60));
    RequestSpec requests = *rc::gen::element(exact_requests(), hard_mount());
    requests.timeout = *rc::gen::element(sim::Duration{}, seconds(3), seconds(30));
    std::vector<Cut> cuts;
    for (int i = pick(0, 4); i > 0; --i) {
      const auto from = pick<std::int64_t>(0, 500'000);
      cuts.push_back({1, from, from + pick<std::int64_t>(10, 120'000)});
    }
    const AfterFailure after = *rc::gen::element(AfterFailure::kNextLook, AfterFailure::kAtOnce);
    Fetching world{{.period = period, .after_failure = after}, cuts, requests, pick<std::uint64_t>(1, 1'000'000)};
    for (std::uint32_t i = 0; i < 20; ++i) world.publish(pick<std::int64_t>(0, 600'000'000'000), ApiId{i}, 1);
    world.sites.run(3'000'000);
    RC_ASSERT(world.sites.trips.size() == 20U);
    for (const Trip& trip : world.sites.trips) RC_ASSERT(is_accounted_for(trip));
    served += world.sites.trips.size();
  });
  CHECK(served == 4'000);
}

}  // namespace
}  // namespace parallax::propagation::artifacts
