// A data center is lost and comes back: health checks from several places, the authority, resolvers and clients
// together. What is asked: when is it found out, and who leaves when?
#include <algorithm>
#include <catch2/catch.hpp>
#include <deque>
#include <memory>
#include <span>
#include <vector>

#include "models/domain/journal.h"
#include "models/steering/dns/profiles.h"
#include "sim/simulation.h"
#include "tests/models/support/statistics.h"

namespace parallax::test {

namespace dns = steering::dns;
namespace health = steering::health;
using sim::milliseconds;
using sim::seconds;

namespace {

constexpr sim::SiteId kEast{0};
constexpr sim::SiteId kWest{1};
constexpr sim::SiteId kUsers{2};
constexpr sim::SiteId kProvider{3};
constexpr std::uint16_t kFirstVantagePoint = 4;
constexpr std::size_t kVantagePoints = 10;
constexpr std::size_t kSites = kFirstVantagePoint + kVantagePoints;

constexpr sim::VirtualTime at(sim::Duration when) { return sim::VirtualTime{} + when; }

struct Story {
  std::vector<sim::VirtualTime> marked_down;
  std::vector<sim::VirtualTime> marked_up;
  std::vector<sim::VirtualTime> left;
  std::vector<sim::VirtualTime> returned;
  friend bool operator==(const Story&, const Story&) = default;
};

struct FailoverSetting {
  dns::ResolverSpec resolver{};
  dns::MonitorSpec monitor{};
  sim::Duration ttl{seconds(60)};
  std::uint32_t resolvers{20};
  std::size_t cut_vantage_points{0};  ///< from the east, from `fails` on, for good
  bool is_lost{true};                 ///< the east, from `fails` to `returns`
  sim::Duration fails{seconds(200)};
  sim::Duration returns{seconds(400)};
  sim::Duration end{seconds(600)};
  unsigned threads{1};
};

/// Asks all the time.
struct Busy final : dns::Asker {
  explicit Busy(dns::Resolver& asked) : resolver{asked} {}
  void ask() {
    resolver.site().after(milliseconds(250), [this] { ask(); });
    resolver.ask({this, resolver.site().id(), dns::NameId{0}, 0});
  }
  void answered(std::uint64_t, const dns::Answer&) override {}

  dns::Resolver& resolver;
};

class Failover {
 public:
  Failover(const FailoverSetting& setting, std::uint64_t seed)
      : setting_{setting},
        simulation_{world(seed)},
        east_{site(kEast), "east"},
        west_{site(kWest), "west"},
        authority_{site(kProvider), "authority", zone(), kSites},
        monitor_{site(kProvider), "monitor", setting.monitor, vantage_points(), {&east_, &west_}, {&authority_}} {
    sim::Stream starts{seed, "test", "starts"};
    for (std::uint32_t i = 0; i < setting.resolvers; ++i) {
      resolvers_.emplace_back(site(kUsers), "resolver " + std::to_string(i), i, setting.resolver, authority_, 1);
      clients_.emplace_back(resolvers_.back());
      // Over a TTL, so that the resolvers' entries have any age.
      const auto within = static_cast<std::uint64_t>(std::max(setting.ttl + seconds(1), seconds(1)).ns);
      const auto first = sim::nanoseconds(static_cast<std::int64_t>(starts.below(within)));
      site(kUsers).after(first, [client = &clients_.back()] { client->ask(); });
    }
  }

  Story run() {
    simulation_.add_reader([this](std::span<const sim::Record> journal) {
      for (const sim::Record& record : journal) note(record);
    });
    if (setting_.is_lost) {
      site(kEast).at(at(setting_.fails), [this] { east_.lose(); });
      site(kEast).at(at(setting_.returns), [this] { east_.restore(); });
    }
    monitor_.start();
    simulation_.run(at(setting_.end));
    return story_;
  }

 private:
  sim::Site& site(sim::SiteId id) { return simulation_.site(id); }

  sim::SimulationSpec world(std::uint64_t seed) const {
    const auto delay = sim::Distribution::constant(milliseconds(5));
    sim::SimulationSpec spec;
    spec.seed = seed;
    spec.sites = {"east", "west", "users", "provider"};
    spec.faults = 1;
    spec.threads = setting_.threads;
    const auto join = [&](sim::SiteId a, sim::SiteId b) {
      spec.links.push_back({a, b, delay});
      spec.links.push_back({b, a, delay});
    };
    join(kUsers, kProvider);
    for (std::size_t i = 0; i < kVantagePoints; ++i) {
      const auto vantage = static_cast<sim::SiteId>(kFirstVantagePoint + i);
      spec.sites.push_back("vantage point " + std::to_string(i));
      spec.end_sites.push_back(vantage);
      if (i < setting_.cut_vantage_points) {
        const sim::LinkId link{static_cast<std::uint32_t>(spec.links.size())};
        spec.outages.push_back({link, at(setting_.fails), at(setting_.end), 0});
      }
      join(vantage, kEast);
      join(vantage, kWest);
      join(vantage, kProvider);
    }
    return spec;
  }

  dns::ZoneSpec zone() const {
    dns::ZoneSpec zone;
    zone.names.resize(1);
    zone.names[0].routing = dns::Routing::kFailover;
    zone.names[0].targets = {{kEast}, {kWest}};
    zone.names[0].ttl = setting_.ttl;
    return zone;
  }

  std::vector<sim::Site*> vantage_points() {
    std::vector<sim::Site*> sites;
    for (std::size_t i = 0; i < kVantagePoints; ++i) {
      sites.push_back(&site(static_cast<sim::SiteId>(kFirstVantagePoint + i)));
    }
    return sites;
  }

  void note(const sim::Record& record) {
    if (domain::kind_of(record.body) == domain::RecordKind::kSiteChanged) {
      const auto changed = domain::SiteChanged::unpack(record.body);
      REQUIRE(changed.site == kEast);
      (changed.change == domain::SiteChange::kMarkedDown ? story_.marked_down : story_.marked_up)
          .push_back(record.time);
    }
    if (domain::kind_of(record.body) == domain::RecordKind::kResolverMoved) {
      const auto moved = domain::ResolverMoved::unpack(record.body);
      (moved.to == kWest ? story_.left : story_.returned).push_back(record.time);
    }
  }

  const FailoverSetting& setting_;
  sim::Simulation simulation_;
  health::Port east_;
  health::Port west_;
  dns::Authority authority_;
  dns::Monitor monitor_;
  std::deque<dns::Resolver> resolvers_{};
  std::deque<Busy> clients_{};
  Story story_{};
};

FailoverSetting route53_every_10_seconds() {
  FailoverSetting setting;
  setting.resolver = dns::unbound();
  setting.monitor = dns::route53_fast_checks();
  return setting;
}

std::vector<double> seconds_after(sim::VirtualTime from, const std::vector<sim::VirtualTime>& instants) {
  std::vector<double> delays;
  for (const sim::VirtualTime instant : instants) delays.push_back(static_cast<double>((instant - from).ns) / 1e9);
  return delays;
}

}  // namespace

// Found out: each vantage point takes 2 x 10 s and a phase, and a time-out of 4 s for the third check. What the
// authority says then reaches a busy resolver when its entry ends: U(0, 61 s). The same on the way back, after 2 x 10 s
// and a phase; less up to 3 s, for a check may have begun before the return, and its SYN is sent again after 1, 2, 3 s.
TEST_CASE("compliant clients leave a dead data center uniformly over the TTL after the detection, and return so") {
  const FailoverSetting setting = route53_every_10_seconds();
  std::vector<double> left;
  std::vector<double> returned;
  for (std::uint64_t seed = 1; seed <= 50; ++seed) {
    const Story story = Failover{setting, seed}.run();
    REQUIRE(story.marked_down.size() == 1);
    REQUIRE(story.marked_up.size() == 1);
    CHECK(story.marked_down[0] >= at(setting.fails + seconds(24)));
    CHECK(story.marked_down[0] <= at(setting.fails + seconds(34) + milliseconds(50)));
    CHECK(story.marked_up[0] >= at(setting.returns + seconds(20 - 3)));
    CHECK(story.marked_up[0] <= at(setting.returns + seconds(30) + milliseconds(50)));
    REQUIRE(story.left.size() == setting.resolvers);
    REQUIRE(story.returned.size() == setting.resolvers);
    const auto leave = seconds_after(story.marked_down[0], story.left);
    const auto come = seconds_after(story.marked_up[0], story.returned);
    left.insert(left.end(), leave.begin(), leave.end());
    returned.insert(returned.end(), come.begin(), come.end());
  }
  for (const auto& delays : {left, returned}) {
    REQUIRE(delays.size() == 1'000);
    CHECK(*std::min_element(delays.begin(), delays.end()) >= 0);
    CHECK(*std::max_element(delays.begin(), delays.end()) <= 61 + 0.25 + 0.02);
    const auto law = [](double x) { return std::clamp(x / 61, 0.0, 1.0); };
    CHECK(kolmogorov_distance(delays, law) < kolmogorov_critical(delays.size()));
  }
}

// Ten vantage points. With two left that see it, 20 % say it is well, more than 18; with one left, 10 %.
TEST_CASE("a data center that some still see is left in; one that hardly anybody sees is taken out") {
  FailoverSetting setting = route53_every_10_seconds();
  setting.is_lost = false;
  setting.resolvers = 1;
  setting.end = seconds(300);
  setting.cut_vantage_points = 8;
  CHECK(Failover{setting, 1}.run().marked_down.empty());
  setting.cut_vantage_points = 9;
  CHECK(Failover{setting, 1}.run().marked_down.size() == 1);
}

// 18 % of ten: healthy with two, so the ninth that finds out decides; with a quorum of half the fifth does.
TEST_CASE("the more vantage points must agree that it is well, the sooner a failure is found out") {
  for (std::uint64_t seed = 1; seed <= 10; ++seed) {
    FailoverSetting setting = route53_every_10_seconds();
    setting.resolvers = 1;
    const sim::VirtualTime late = Failover{setting, seed}.run().marked_down.at(0);
    setting.monitor.quorum_percent = 50;
    const sim::VirtualTime soon = Failover{setting, seed}.run().marked_down.at(0);
    CHECK(soon < late);
  }
}

TEST_CASE("the same happens on four threads as on one") {
  FailoverSetting setting = route53_every_10_seconds();
  const Story one = Failover{setting, 3}.run();
  setting.threads = 4;
  CHECK(Failover{setting, 3}.run() == one);
}

// A minimum of 300 s makes U(0, 301 s) of it.
TEST_CASE("resolvers that stretch the TTL leave as much later") {
  FailoverSetting setting = route53_every_10_seconds();
  setting.resolver.least_ttl = seconds(300);
  setting.fails = seconds(700);
  setting.returns = seconds(2'000);
  setting.end = seconds(1'100);
  std::vector<double> all;
  for (std::uint64_t seed = 1; seed <= 5; ++seed) {
    const Story story = Failover{setting, seed}.run();
    REQUIRE(story.left.size() == setting.resolvers);
    const auto left = seconds_after(story.marked_down.at(0), story.left);
    all.insert(all.end(), left.begin(), left.end());
  }
  CHECK(*std::max_element(all.begin(), all.end()) <= 301.3);
  CHECK(*std::max_element(all.begin(), all.end()) > 150);
}

}  // namespace parallax::test
