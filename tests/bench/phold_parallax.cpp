// PHOLD on this project's engine, through the interface that models use.
#include <chrono>

#include "phold.h"
#include "sim/simulation.h"

namespace parallax::bench {

namespace {

struct World;

class Handler final : public sim::EventHandler {
 public:
  Handler(World& world, std::uint32_t number) : process{number}, world_{&world} {}
  void on_event() override;

  PholdProcess process;

 private:
  World* world_;
};

struct World {
  explicit World(const PholdSize& phold_size)
      : size{phold_size}, simulation{{.seed = 1, .sites = {"here"}, .links = {}, .outages = {}}} {
    for (std::uint32_t i = 0; i < size.processes; ++i) handlers.emplace_back(*this, i);
  }

  /// Executes an event of `process`.
  PholdStep execute(std::uint32_t process) {
    outcome.add(site.now().ns, process);
    return handlers[process].process.execute(size.processes);
  }

  PholdOutcome run() {
    const auto start = std::chrono::steady_clock::now();
    simulation.run(sim::VirtualTime{size.end_ns});
    outcome.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    return outcome;
  }

  PholdSize size;
  sim::Simulation simulation;
  sim::Site& site{simulation.site(sim::SiteId{0})};
  std::vector<Handler> handlers;
  PholdOutcome outcome;
};

void Handler::on_event() {
  const PholdStep step = world_->execute(static_cast<std::uint32_t>(this - world_->handlers.data()));
  world_->site.wake_after(sim::nanoseconds(step.delay_ns), world_->handlers[step.target]);
}

sim::Process wander(sim::Site& site, World& world, std::uint32_t process) {
  PholdStep step{world.handlers[process].process.draw_delay(), process};
  while (true) {
    co_await site.delay(sim::nanoseconds(step.delay_ns));
    step = world.execute(step.target);
  }
}

}  // namespace

PholdOutcome phold_callbacks(const PholdSize& size) {
  World world{size};
  for (Handler& handler : world.handlers) {
    for (std::uint32_t i = 0; i < kPholdEventsPerProcess; ++i) {
      world.site.wake_after(sim::nanoseconds(handler.process.draw_delay()), handler);
    }
  }
  return world.run();
}

PholdOutcome phold_processes(const PholdSize& size) {
  World world{size};
  for (std::uint32_t process = 0; process < size.processes; ++process) {
    for (std::uint32_t i = 0; i < kPholdEventsPerProcess; ++i) wander(world.site, world, process);
  }
  return world.run();
}

}  // namespace parallax::bench
