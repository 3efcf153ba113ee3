// How long an old answer is used at a node after its source has changed, over thousands of phases, against the law
// that follows from the rules. Kolmogorov-Smirnov at 1 %.
//
// A hot key is loaded again as soon as its entry is gone. What is loaded is what the node's replica says then, which
// follows the source by a lag.
#include <catch2/catch.hpp>
#include <map>

#include "models/propagation/caches/global_invalidation.h"
#include "tests/models/propagation/caches/members.h"
#include "tests/sim/goodness_of_fit.h"

namespace parallax::propagation::caches {
namespace {

using namespace testing;
using sim::testing::ks_critical;
using sim::testing::ks_distance;

constexpr double kTtl = 900;
constexpr std::uint32_t kKeys = 2'000;

double uniform(double w, double least, double greatest) {
  return std::clamp((w - least) / (greatest - least), 0.0, 1.0);
}

enum class Heat { kHot, kOnce };

struct Setting {
  sim::Duration sweep_interval{};
  sim::Duration lag{};
  Heat heat{Heat::kHot};
  GlobalInvalidationMode push{GlobalInvalidationMode::kOff};
  double loss{0};
};

/// One node, and somebody 10 to 20 s away who changes each key once and says so.
class Node {
 public:
  explicit Node(const Setting& setting)
      : setting_{setting},
        simulation_{spec(setting.loss)},
        here_{simulation_.site(sim::SiteId{0})},
        there_{simulation_.site(sim::SiteId{1})},
        local_{here_, "here", domain::LayerId{0}, local_spec(setting.sweep_interval)},
        at_writer_{there_, "there", domain::LayerId{1}, local_spec({})},
        listener_{local_, domain::NodeId{0}, {setting.push, {}, {}}, [](const broker::Event&) {}},
        writer_{at_writer_, domain::NodeId{1}, {setting.push, {}, {}}, [this](const broker::Event& e) { send(e); }},
        changed_(kKeys) {
    local_.start();
    local_.on_expired([this](const LocalCache::Expired& entry) {
      if (setting_.heat == Heat::kHot) load(entry.key.object.id());
    });
    simulation_.add_reader([this](std::span<const sim::Record> journal) { read(journal); });
  }

  /// Loads the key for the first time then, and changes it then.
  void plan(std::uint32_t key, sim::VirtualTime first, sim::VirtualTime changed) {
    changed_[key] = changed;
    here_.at(first, [this, key] { load(key); });
    there_.at(changed,
              [this, key] { writer_.remove(token_key(key).object, version(2), there_.record(domain::Hop{}.pack())); });
  }

  /// From the change until no entry with the old answer is left, in seconds; nothing where there never was one.
  std::vector<double> run(sim::Duration until) {
    simulation_.run(sim::VirtualTime{} + until);
    std::vector<double> windows;
    for (const auto& [key, end] : last_old_) {
      if (end > changed_[key]) windows.push_back(static_cast<double>((end - changed_[key]).ns) / 1e9);
    }
    return windows;
  }

  std::uint64_t stale_recaches() const { return local_.stale_recaches(); }
  std::uint64_t obeyed() const { return listener_.obeyed(); }

 private:
  static sim::SimulationSpec spec(double loss) {
    const auto way = sim::Distribution::uniform(sim::seconds(10), sim::seconds(20));
    const auto back = sim::Distribution::constant(sim::seconds(10));
    return {.seed = 7,
            .sites = {"here", "there"},
            .links = {{sim::SiteId{1}, sim::SiteId{0}, way, loss}, {sim::SiteId{0}, sim::SiteId{1}, back, 0}},
            .outages = {}};
  }
  static LocalCacheSpec local_spec(sim::Duration sweep_interval) {
    LocalCacheSpec spec;
    spec.sweep_interval = sweep_interval;
    return spec;
  }

  void send(const broker::Event& event) {
    there_.send(here_.id(), [this, event] {
      listener_.act_on(event);
      if (setting_.heat == Heat::kHot && local_.find(token_key(event.object.id())) == nullptr) load(event.object.id());
    });
  }

  void load(std::uint32_t key) {
    const sim::VirtualTime now = here_.now();
    const Copy copy{.version = version(now >= changed_[key] + setting_.lag ? 2 : 1), .written = now};
    local_.put(token_key(key), copy, now, Origin::source(now));
  }

  void read(std::span<const sim::Record> journal) {
    for (const sim::Record& record : journal) {
      if (domain::kind_of(record.body) == domain::RecordKind::kEntryPut) {
        const auto put = domain::EntryPut::unpack(record.body);
        held_[put.object.id()] = put.version;
      } else if (domain::kind_of(record.body) == domain::RecordKind::kEntryDropped) {
        const auto drop = domain::EntryDropped::unpack(record.body);
        if (held_[drop.object.id()] == version(1)) last_old_[drop.object.id()] = record.time;
      }
    }
  }

  Setting setting_;
  sim::Simulation simulation_;
  sim::Site& here_;
  sim::Site& there_;
  LocalCache local_;
  LocalCache at_writer_;
  GlobalInvalidation listener_;
  GlobalInvalidation writer_;
  std::vector<sim::VirtualTime> changed_;
  std::map<std::uint32_t, domain::Version> held_;
  std::map<std::uint32_t, sim::VirtualTime> last_old_;
};

struct Windows {
  std::vector<double> lengths;
  std::uint64_t stale_recaches;
  std::uint64_t obeyed;
};

/// First loads at any moment of a time to live; all change at 1,000 s.
Windows hot(const Setting& setting) {
  Node node{setting};
  sim::Stream phases{11, "test", "first load"};
  for (std::uint32_t key = 0; key < kKeys; ++key) {
    const auto first = static_cast<std::int64_t>(phases.below(900'000'000'000));
    node.plan(key, sim::VirtualTime{first}, at_ms(1'000'000));
  }
  std::vector<double> lengths = node.run(sim::seconds(4'000));
  return {lengths, node.stale_recaches(), node.obeyed()};
}

TEST_CASE("an entry that ages from its write lives on for U(0, ttl) after the change") {
  const Windows windows = hot({});
  REQUIRE(windows.lengths.size() > kKeys - 2);
  CHECK(ks_distance(windows.lengths, [](double w) { return uniform(w, 0, kTtl); }) <
        ks_critical(windows.lengths.size()));
}

// An entry that is loaded once, at any moment, and changes at any moment of its 900 s: the rest of these, U(0, 900),
// and the sweeper's turn, U(0, 30), which knows nothing of it. The sum of the two has a trapezoid for its density:
//   F(w) = w^2 / (2 * 30 * 900) up to 30 s, then (w - 15) / 900, and beyond 900 s 1 - (930 - w)^2 / (2 * 30 * 900).
TEST_CASE("the sweeper adds its own wait") {
  constexpr double kSweep = 30;
  Node node{{.sweep_interval = sim::seconds(30), .heat = Heat::kOnce}};
  sim::Stream phases{12, "test", "first load"};
  for (std::uint32_t key = 0; key < kKeys; ++key) {
    const sim::VirtualTime first{static_cast<std::int64_t>(phases.below(9'000'000'000'000))};
    node.plan(key, first, first + sim::Duration{static_cast<std::int64_t>(phases.below(900'000'000'000))});
  }
  const std::vector<double> windows = node.run(sim::seconds(10'000));
  REQUIRE(windows.size() == kKeys);
  const auto law = [](double w) {
    if (w <= kSweep) return w * w / (2 * kSweep * kTtl);
    if (w <= kTtl) return (w - kSweep / 2) / kTtl;
    const double left = kTtl + kSweep - w;
    return 1 - left * left / (2 * kSweep * kTtl);
  };
  CHECK(ks_distance(windows, law) < ks_critical(windows.size()));
  CHECK(*std::max_element(windows.begin(), windows.end()) <= kTtl + kSweep);
}

// The last load that finds the old answer is the last one before the replica has the new one: at any moment of the 900
// s before that.
TEST_CASE("behind a replica that lags an entry lives on for lag + U(0, ttl)") {
  const Windows windows = hot({.lag = sim::seconds(120)});
  REQUIRE(windows.lengths.size() == kKeys);
  CHECK(ks_distance(windows.lengths, [](double w) { return uniform(w, 120, 120 + kTtl); }) <
        ks_critical(windows.lengths.size()));
  CHECK(windows.stale_recaches == 0);  // nobody had told it
}

// Lost with p: U(0, ttl), as without. Else the earlier one of that and the push, U(10, 20):
//   1 - F(w) = (1 - w / ttl) * (p + (1 - p) * (1 - G(w))).
TEST_CASE("push or expiry: the earlier one as long as the push comes, expiry alone where it is lost") {
  constexpr double kLoss = 0.3;
  const Windows windows = hot({.push = GlobalInvalidationMode::kOn, .loss = kLoss});
  REQUIRE(windows.lengths.size() > kKeys - 2);
  const auto law = [](double w) { return 1 - (1 - w / kTtl) * (kLoss + (1 - kLoss) * (1 - uniform(w, 10, 20))); };
  CHECK(ks_distance(windows.lengths, law) < ks_critical(windows.lengths.size()));
  // 2,000 * 0.7 = 1,400, with a deviation of 20.5.
  CHECK(std::abs(static_cast<double>(windows.obeyed) - 1'400) < 3 * 20.5);
  CHECK(windows.stale_recaches == 0);
}

// The push comes when the replica still has the old answer: the key is loaded again at once, stale, and no other push
// will come. So the window is the push's way and a whole time to live, which is more than without the push.
TEST_CASE("a push that overtakes the replica makes a stale re-cache, which stays for its whole time to live") {
  const Windows windows = hot({.lag = sim::seconds(120), .push = GlobalInvalidationMode::kOn});
  REQUIRE(windows.lengths.size() == kKeys);
  CHECK(ks_distance(windows.lengths, [](double w) { return uniform(w, kTtl + 10, kTtl + 20); }) <
        ks_critical(windows.lengths.size()));
  CHECK(windows.stale_recaches >= kKeys);
  CHECK(*std::max_element(windows.lengths.begin(), windows.lengths.end()) <= 120 + kTtl);
}

TEST_CASE("where some pushes overtake the replica and others are lost, both laws are mixed") {
  constexpr double kLoss = 0.4;
  const Windows windows = hot({.lag = sim::seconds(120), .push = GlobalInvalidationMode::kOn, .loss = kLoss});
  REQUIRE(windows.lengths.size() == kKeys);
  const auto law = [](double w) {
    return kLoss * uniform(w, 120, 120 + kTtl) + (1 - kLoss) * uniform(w, kTtl + 10, kTtl + 20);
  };
  CHECK(ks_distance(windows.lengths, law) < ks_critical(windows.lengths.size()));
  CHECK(*std::max_element(windows.lengths.begin(), windows.lengths.end()) <= 120 + kTtl);
}

// Two data centers cut off each other from 12 s to 400 s; given up long before. The smaller half looks every 120 s at
// moments of its own: after the heal it is at any moment of 120 s. Looked at each half second.
TEST_CASE("the halves of a cluster find each other U(0, merge interval) after the heal") {
  std::vector<double> waits;
  for (std::uint64_t seed = 1; seed <= 1'000; ++seed) {
    WorldSpec spec;
    spec.members = {2, 1};
    spec.cluster.most_without_heartbeat = sim::seconds(30);
    spec.cuts = {{0, 1, 12'000, 480'000}};
    spec.seed = seed;
    spec.phases = Phases::kDrawn;
    World world{spec};
    std::int64_t together = 0;
    for (std::int64_t ms = 480'000; ms <= 601'000; ms += 500) {
      world.at(member(0), ms, [&world, &together, ms] {
        if (together == 0 && world.cluster.side(side(0)).view().has(side(1))) together = ms;
      });
    }
    world.run(601'500);
    REQUIRE(together > 0);
    waits.push_back(static_cast<double>(together - 480'000) / 1'000 - 0.25);
  }
  CHECK(ks_distance(waits, [](double w) { return uniform(w, 0, 120); }) < ks_critical(waits.size()));
}

}  // namespace
}  // namespace parallax::propagation::caches
