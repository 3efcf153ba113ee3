#include "tests/models/propagation/truth/throttle_pair.h"

#include <array>
#include <memory>

#include "models/propagation/counters/group.h"
#include "sim/distribution.h"
#include "sim/simulation.h"

namespace parallax::test {

namespace counters = propagation::counters;

namespace {

// Connections are open by then; a multiple of the windows measured.
constexpr sim::Duration kWarmUp = sim::seconds(20);

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

  std::vector<Asked> run() {
    simulation_.run(sim::VirtualTime{} + kWarmUp + setting_.bin * setting_.bins + sim::seconds(5));
    return std::move(asked_);
  }

 private:
  // An answer is noted at the site that asked: requests of different sites are different elements.
  class At final : public counters::Asker {
   public:
    At(Pair& pair, sim::SiteId site) : pair_{pair}, site_{site} {}
    void answered(std::uint64_t request, counters::Answer answer) override {
      Asked& asked = pair_.asked_[request];
      asked.is_admitted = answer == counters::Answer::kAdmitted;
      asked.latency = pair_.simulation_.site(site_).now() - kWarmUp - asked.when;
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
    const std::int64_t in_bin = setting_.offered_per_second * setting_.bin.ns / sim::seconds(1).ns;
    for (std::uint32_t bin = 0; bin < setting_.bins; ++bin) {
      for (std::int64_t i = 0; i < in_bin; ++i) {
        const sim::Duration in = setting_.pattern == Pattern::kBurst
                                     ? sim::milliseconds(300 + 2 * i)
                                     : sim::Duration{i * sim::seconds(1).ns / setting_.offered_per_second};
        ask_at(sim::VirtualTime{} + setting_.bin * bin + in + lateness.sample(stream));
      }
    }
  }

  void ask_at(sim::VirtualTime when) {
    const std::size_t request = asked_.size();
    const std::size_t node = request % 2;
    asked_.push_back({when, node, false, {}});
    site(node).at(when + kWarmUp, [this, request, node] { group_.limiter(node).ask(kKey, request); });
  }

  PairSetting setting_;
  sim::Simulation simulation_;
  std::array<At, 2> askers_{At{*this, sim::SiteId{0}}, At{*this, sim::SiteId{1}}};
  counters::Group group_;
  std::vector<Asked> asked_;
};

}  // namespace

std::vector<Asked> run_pair(const PairSetting& setting, std::uint64_t seed) { return Pair{setting, seed}.run(); }

std::vector<int> admitted_by_bin(const PairSetting& setting, const std::vector<Asked>& asked) {
  std::vector<int> bins(setting.bins);
  for (const Asked& one : asked) {
    if (one.is_admitted) ++bins[static_cast<std::size_t>((one.when - sim::VirtualTime{}) / setting.bin)];
  }
  return bins;
}

std::vector<int> admitted_by_bin(const PairSetting& setting, const std::vector<Asked>& asked, std::size_t node) {
  std::vector<Asked> own;
  for (const Asked& one : asked) {
    if (one.node == node) own.push_back(one);
  }
  return admitted_by_bin(setting, own);
}

}  // namespace parallax::test
