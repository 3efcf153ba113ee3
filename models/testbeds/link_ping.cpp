#include "models/testbeds/link_ping.h"

#include "sim/distribution.h"
#include "sim/simulation.h"

namespace parallax::testbeds {

namespace {

class Ping {
 public:
  Ping(const PingSetting& setting, std::uint64_t seed) : setting_{setting}, simulation_{spec(seed)} {}

  std::vector<double> run() {
    here().at({}, [this] { send(); });
    simulation_.run(sim::VirtualTime{} + setting_.interval * setting_.times + sim::seconds(30));
    return std::move(round_trips_);
  }

 private:
  sim::Site& here() { return simulation_.site(sim::SiteId{0}); }

  sim::SimulationSpec spec(std::uint64_t seed) const {
    sim::SimulationSpec spec{.seed = seed, .sites = {"here", "there"}, .links = {}, .outages = {}};
    const auto delay =
        sim::Distribution::uniform(setting_.one_way - setting_.jitter, setting_.one_way + setting_.jitter);
    spec.links = {{sim::SiteId{0}, sim::SiteId{1}, delay}, {sim::SiteId{1}, sim::SiteId{0}, delay}};
    return spec;
  }

  void send() {
    const sim::VirtualTime sent = here().now();
    here().send(sim::SiteId{1}, [this, sent] {
      simulation_.site(sim::SiteId{1}).send(sim::SiteId{0}, [this, sent] {
        round_trips_.push_back(static_cast<double>((here().now() - sent).ns) / 1e6);
      });
    });
    if (++sent_ < setting_.times) here().after(setting_.interval, [this] { send(); });
  }

  PingSetting setting_;
  sim::Simulation simulation_;
  std::uint32_t sent_{0};
  std::vector<double> round_trips_;
};

}  // namespace

std::vector<double> run_ping(const PingSetting& setting, std::uint64_t seed) { return Ping{setting, seed}.run(); }

}  // namespace parallax::testbeds
