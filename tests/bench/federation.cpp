#include "federation.h"

#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include "phold.h"
#include "sim/simulation.h"

namespace parallax::bench {

namespace {

constexpr sim::Duration kWindow = sim::milliseconds(10);
constexpr std::size_t kWords = 1 << 17;  // 1 MiB a site: the work misses the nearest cache, as decisions do
constexpr int kProbes = 20;              // dependent, some 300 ns

class Worker final : public sim::EventHandler {
 public:
  Worker(sim::Simulation& simulation, sim::SiteId here, const FederationSize& size, std::vector<Worker*>& all)
      : site_{simulation.site(here)}, size_{size}, all_{all}, memory_(kWords), state_{sim::index(here) + 1} {
    for (std::uint64_t i = 0; i < kWords; ++i) memory_[i] = PholdProcess::mix(i + state_);
  }

  // As many pending as there are events in a window, each again a window later: so many at every instant.
  void start() {
    for (std::uint32_t i = 0; i < size_.events_per_window; ++i) site_.wake_after(next_delay(), *this);
  }

  void on_event() override {
    work();
    const sim::Duration delay = next_delay();
    if (state_ % 100 == 0) {
      // Any but itself.
      Worker* other = all_[(sim::index(site_.id()) + 1 + state_ / 100 % (all_.size() - 1)) % all_.size()];
      site_.send(other->site_.id(), [other] { other->on_event(); });
    } else {
      site_.wake_after(delay, *this);
    }
  }

  std::uint64_t checksum() const { return checksum_; }

 private:
  sim::Duration next_delay() {
    state_ = PholdProcess::mix(state_ + 1);
    return sim::nanoseconds(1 + static_cast<std::int64_t>(state_ % static_cast<std::uint64_t>(2 * kWindow.ns)));
  }

  void work() {
    std::uint64_t at = state_ ^ static_cast<std::uint64_t>(site_.now().ns);
    for (int i = 0; i < kProbes; ++i) at = PholdProcess::mix(at ^ memory_[at % kWords]);
    memory_[at % kWords] ^= at;
    checksum_ = PholdProcess::mix(checksum_ ^ at);
  }

  sim::Site& site_;
  FederationSize size_;
  std::vector<Worker*>& all_;
  std::vector<std::uint64_t> memory_;
  std::uint64_t state_;
  std::uint64_t checksum_{0};
};

sim::SimulationSpec full_mesh(const FederationSize& size, unsigned threads) {
  sim::SimulationSpec spec{.seed = 1, .sites = {}, .links = {}, .outages = {}};
  spec.threads = threads;
  for (std::uint32_t from = 0; from < size.sites; ++from) {
    spec.sites.push_back("site-" + std::to_string(from));
    for (std::uint32_t to = 0; to < size.sites; ++to) {
      if (from == to) continue;
      spec.links.push_back({static_cast<sim::SiteId>(from), static_cast<sim::SiteId>(to),
                            sim::Distribution::uniform(kWindow, 3 * kWindow)});
    }
  }
  return spec;
}

}  // namespace

FederationOutcome federation(const FederationSize& size, unsigned threads) {
  sim::Simulation simulation{full_mesh(size, threads)};
  std::vector<std::unique_ptr<Worker>> workers;
  std::vector<Worker*> all;
  for (std::uint32_t i = 0; i < size.sites; ++i) {
    workers.push_back(std::make_unique<Worker>(simulation, static_cast<sim::SiteId>(i), size, all));
    all.push_back(workers.back().get());
  }
  for (auto& worker : workers) worker->start();
  const auto start = std::chrono::steady_clock::now();
  simulation.run(sim::VirtualTime{} + kWindow * size.windows);
  FederationOutcome outcome;
  outcome.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  outcome.events = simulation.events();
  for (auto& worker : workers) outcome.checksum = PholdProcess::mix(outcome.checksum ^ worker->checksum());
  return outcome;
}

}  // namespace parallax::bench
