#include "models/testbeds/throttle_pair.h"

#include <array>
#include <memory>

#include "models/propagation/counters/group.h"
#include "sim/distribution.h"
#include "sim/simulation.h"

namespace parallax::testbeds {

namespace counters = propagation::counters;

namespace {

// Connections are open by then; a multiple of the windows measured.
constexpr sim::Duration kSettled = sim::seconds(20);
constexpr sim::Duration kSample = sim::milliseconds(100);

constexpr auto kKey = logic::throttling::ThrottleKey::custom(logic::throttling::TemplateId{1}, {1, 1});

class Pair {
 public:
  Pair(const PairSetting& setting, std::uint64_t seed)
      : setting_{setting},
        simulation_{spec(seed)},
        group_{"limits", setting.spec, {{site(0), askers_[0]}, {site(1), askers_[1]}}} {
    group_.start();
    plan(seed);
  }

  PairRun run() {
    simulation_.run(sim::VirtualTime{} + kSettled + setting_.bin * (setting_.bins + 2));
    return std::move(run_);
  }

 private:
  // An answer is noted at the site that asked: requests of different sites are different elements.
  class At final : public counters::Asker {
   public:
    At(Pair& pair, sim::SiteId site) : pair_{pair}, site_{site} {}
    void answered(std::uint64_t request, counters::Answer answer) override {
      Asked& asked = pair_.run_.asked[request];
      asked.is_admitted = answer == counters::Answer::kAdmitted;
      asked.latency = pair_.simulation_.site(site_).now() - kSettled - asked.when;
    }

   private:
    Pair& pair_;
    sim::SiteId site_;
  };

  sim::Site& site(std::size_t i) { return simulation_.site(static_cast<sim::SiteId>(i)); }

  sim::SimulationSpec spec(std::uint64_t seed) const {
    sim::SimulationSpec spec{.seed = seed, .sites = {"dc1", "dc2"}, .links = {}, .outages = {}};
    const auto delay = sim::Distribution::constant(setting_.one_way);
    spec.links.push_back({sim::SiteId{0}, sim::SiteId{1}, delay});
    spec.links.push_back({sim::SiteId{1}, sim::SiteId{0}, delay});
    return spec;
  }

  void plan(std::uint64_t seed) {
    sim::Stream stream{seed, "client", "lateness"};
    const auto lateness = sim::Distribution::uniform({}, setting_.lateness);
    const std::int64_t in_bin = requests_in_bin(setting_.offered_per_second, setting_.bin);
    for (std::uint32_t bin = 0; bin < setting_.bins; ++bin) {
      for (std::int64_t i = 0; i < in_bin; ++i) {
        const sim::Duration in = setting_.pattern == Pattern::kBurst
                                     ? kBurstAfter + kBurstSpacing * i
                                     : sim::Duration{i * sim::seconds(1).ns / setting_.offered_per_second};
        ask_at(sim::VirtualTime{} + setting_.bin * bin + in + lateness.sample(stream));
      }
    }
    for (sim::VirtualTime t{}; t - sim::VirtualTime{} < setting_.bin * (setting_.bins + 2); t = t + kSample)
      watch_at(t);
  }

  void ask_at(sim::VirtualTime when) {
    const std::size_t request = run_.asked.size();
    const std::size_t node = request % setting_.nodes_asked;
    run_.asked.push_back({when, node, false, {}});
    site(node).at(when + kSettled, [this, request, node] { group_.limiter(node).ask(kKey, request); });
  }

  void watch_at(sim::VirtualTime when) {
    const std::size_t sample = run_.believed.size();
    run_.believed.push_back({when, 0, 0});
    site(0).at(when + kSettled, [this, sample] { run_.believed[sample].first = group_.limiter(0).total(kKey); });
    site(1).at(when + kSettled, [this, sample] { run_.believed[sample].second = group_.limiter(1).total(kKey); });
  }

  PairSetting setting_;
  sim::Simulation simulation_;
  std::array<At, 2> askers_{At{*this, sim::SiteId{0}}, At{*this, sim::SiteId{1}}};
  counters::Group group_;
  PairRun run_;
};

}  // namespace

std::int64_t requests_in_bin(std::int64_t offered_per_second, sim::Duration bin) {
  return offered_per_second * bin.ns / sim::seconds(1).ns;
}

PairRun run_pair(const PairSetting& setting, std::uint64_t seed) { return Pair{setting, seed}.run(); }

std::vector<int> admitted_by_bin(const PairSetting& setting, const PairRun& run, std::size_t node) {
  std::vector<int> bins(setting.bins);
  for (const Asked& one : run.asked) {
    if (!one.is_admitted || one.node != node) continue;
    const auto bin = static_cast<std::size_t>((one.when - sim::VirtualTime{}) / setting.bin);
    if (bin < bins.size()) ++bins[bin];
  }
  return bins;
}

std::vector<int> admitted_by_bin(const PairSetting& setting, const PairRun& run) {
  std::vector<int> bins = admitted_by_bin(setting, run, 0);
  const std::vector<int> second = admitted_by_bin(setting, run, 1);
  for (std::size_t i = 0; i < bins.size(); ++i) bins[i] += second[i];
  return bins;
}

}  // namespace parallax::testbeds
