// One server and its checker, at sites of their own, for tests.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "models/steering/health/checker.h"
#include "sim/simulation.h"

namespace parallax::test {

enum class Breakdown : std::uint8_t { kRefuses, kSilent, kAnswersBadly };

class CheckedServer final : steering::health::CheckListener {
 public:
  struct Judged {
    sim::VirtualTime when;
    steering::health::Verdict verdict;
  };

  CheckedServer(const steering::health::CheckSpec& spec, std::uint64_t seed,
                sim::Duration one_way = sim::microseconds(500))
      : simulation_{world(seed, one_way)},
        port_{simulation_.site(sim::SiteId{1}), "server"},
        checker_{simulation_.site(sim::SiteId{0}),
                 port_,
                 "checker",
                 spec,
                 0,
                 static_cast<steering::health::CheckListener&>(*this)} {}

  /// Fails at `fails`, is well again at `returns`, and is watched until `end`.
  const std::vector<Judged>& run(Breakdown breakdown, sim::VirtualTime fails, sim::VirtualTime returns,
                                 sim::VirtualTime end) {
    sim::Site& there = port_.site();
    there.at(fails, [this, breakdown] { fail(breakdown); });
    there.at(returns, [this, breakdown] { recover(breakdown); });
    checker_.start();
    simulation_.run(end);
    return judged_;
  }

  sim::Simulation& simulation() { return simulation_; }
  steering::health::Port& port() { return port_; }
  steering::health::Checker& checker() { return checker_; }

 private:
  static sim::SimulationSpec world(std::uint64_t seed, sim::Duration one_way) {
    const auto delay = sim::Distribution::constant(one_way);
    sim::SimulationSpec spec;
    spec.seed = seed;
    spec.sites = {"checker", "server"};
    spec.links = {{sim::SiteId{0}, sim::SiteId{1}, delay}, {sim::SiteId{1}, sim::SiteId{0}, delay}};
    return spec;
  }

  void fail(Breakdown breakdown) {
    switch (breakdown) {
      case Breakdown::kRefuses:
        return port_.stop();
      case Breakdown::kSilent:
        return port_.lose();
      case Breakdown::kAnswersBadly:
        return port_.set_status(steering::health::Status::kBad);
    }
  }
  void recover(Breakdown breakdown) {
    switch (breakdown) {
      case Breakdown::kRefuses:
        return port_.start();
      case Breakdown::kSilent:
        return port_.restore();
      case Breakdown::kAnswersBadly:
        return port_.set_status(steering::health::Status::kGood);
    }
  }

  void judged(std::uint32_t, steering::health::Verdict verdict) override {
    judged_.push_back({simulation_.site(sim::SiteId{0}).now(), verdict});
  }

  sim::Simulation simulation_;
  steering::health::Port port_;
  steering::health::Checker checker_;
  std::vector<Judged> judged_{};
};

}  // namespace parallax::test
