#include "tests/models/steering/truth/balanced_pair.h"

#include <algorithm>
#include <vector>

#include "sim/distribution.h"
#include "sim/simulation.h"

namespace parallax::test {

namespace health = steering::health;

namespace {

constexpr sim::SiteId kBalancer{0};
constexpr sim::SiteId kFailing{1};
constexpr sim::SiteId kOther{2};

double to_milliseconds(sim::Duration length) { return static_cast<double>(length.ns) / 1e6; }

class BalancedPair final : health::BalancerHost {
 public:
  BalancedPair(const PairFailureSetting& setting, std::uint64_t seed)
      : setting_{setting},
        phases_{seed, "measurement", "phase"},
        fails_{sim::VirtualTime{} + sim::seconds(20) + any_phase(setting.balancer.check.interval)},
        returns_{fails_ + length()},
        simulation_{spec(seed)},
        failing_{simulation_.site(kFailing), "failing"},
        other_{simulation_.site(kOther), "other"},
        balancer_{simulation_.site(kBalancer), "haproxy", setting.balancer, {&failing_, &other_}, *this} {}

  PairFailure run() {
    sim::Site& there = simulation_.site(kFailing);
    if (setting_.failure == ServerFailure::kKilled) {
      there.at(fails_, [this] { failing_.stop(); });
      there.at(returns_, [this] { failing_.start(); });
    }
    balancer_.start();
    here().after(any_phase(setting_.period), [this] { ask(); });
    const sim::Duration check = setting_.balancer.check.interval + sim::seconds(2);
    simulation_.run(returns_ + check * (setting_.balancer.check.rise + 2));
    return result_;
  }

 private:
  sim::Site& here() { return simulation_.site(kBalancer); }
  sim::Duration any_phase(sim::Duration period) {
    return sim::nanoseconds(static_cast<std::int64_t>(phases_.below(static_cast<std::uint64_t>(period.ns))));
  }
  // As measured: cuts of (F + 1) I + (3 + F) s; killed servers were started again after about as long, at any phase.
  sim::Duration length() {
    const health::CheckSpec& check = setting_.balancer.check;
    const sim::Duration cut = check.interval * (check.fall + 1) + sim::seconds(3 + check.fall);
    return setting_.failure == ServerFailure::kBlackHoled ? cut : cut + any_phase(check.interval);
  }

  sim::SimulationSpec spec(std::uint64_t seed) const {
    const auto delay = sim::Distribution::constant(setting_.one_way);
    sim::SimulationSpec spec;
    spec.seed = seed;
    spec.sites = {"balancer", "failing", "other"};
    spec.links = {{kBalancer, kFailing, delay},
                  {kFailing, kBalancer, delay},
                  {kBalancer, kOther, delay},
                  {kOther, kBalancer, delay}};
    if (setting_.failure == ServerFailure::kKilled) return spec;
    spec.faults = 1;
    for (const std::uint32_t link : {0U, 1U}) spec.outages.push_back({sim::LinkId{link}, fails_, returns_, 0});
    return spec;
  }

  void ask() {
    here().after(setting_.period, [this] { ask(); });
    health::Request request;
    request.number = begun_.size();
    begun_.push_back(here().now());
    balancer_.submit(request);
  }

  void replied(const health::Reply& reply) override {
    const sim::VirtualTime now = here().now();
    const sim::VirtualTime begun = begun_[reply.request.number];
    // Those that the failure met under way are not counted, as they were not in the measurements.
    if (begun < fails_ && reply.result != health::Result::kAnswered) return;
    if (begun >= fails_) result_.longest_latency = std::max(result_.longest_latency, to_milliseconds(now - begun));
    if (reply.result == health::Result::kAnswered) {
      const bool is_back = reply.server == 0 && now >= returns_ && result_.back_in_service < 0;
      if (is_back) result_.back_in_service = to_milliseconds(now - returns_);
      return;
    }
    ++result_.failed;
    if (result_.back_in_service >= 0 && now - begun < sim::seconds(1)) ++result_.failed_after_back;
    result_.last_failed_start = std::max(result_.last_failed_start, to_milliseconds(begun - fails_));
  }

  const PairFailureSetting& setting_;
  sim::Stream phases_;
  sim::VirtualTime fails_;
  sim::VirtualTime returns_;
  sim::Simulation simulation_;
  health::Port failing_;
  health::Port other_;
  health::Balancer balancer_;
  std::vector<sim::VirtualTime> begun_;
  PairFailure result_;
};

}  // namespace

PairFailure run_pair_failure(const PairFailureSetting& setting, std::uint64_t seed) {
  return BalancedPair{setting, seed}.run();
}

}  // namespace parallax::test
