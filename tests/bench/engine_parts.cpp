// The engine's parts one by one: what an event, a message, a wait, a draw and a record cost.
#include <benchmark/benchmark.h>

#include "sim/distribution.h"
#include "sim/event_queue.h"
#include "sim/simulation.h"

namespace {

using namespace parallax;

struct Nobody final : sim::EventHandler {
  void on_event() override {}
};

// The hold model: as many events pending all the time; each step takes the next and schedules one.
void hold(benchmark::State& state) {
  sim::EventQueue queue;
  Nobody nobody;
  sim::Stream stream{1, "bench", "gaps"};
  const auto gap = sim::Distribution::exponential(sim::seconds(1));
  std::uint64_t counter = 0;
  for (std::int64_t i = 0; i < state.range(0); ++i) {
    queue.push({{sim::VirtualTime{} + gap.sample(stream), ++counter}, sim::EventTarget{nobody}});
  }
  for (auto _ : state) {
    const sim::VirtualTime now = queue.peek()->key.time;
    queue.pop();
    queue.push({{now + gap.sample(stream), ++counter}, sim::EventTarget{nobody}});
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(hold)->RangeMultiplier(16)->Range(16, 1 << 20);

void draw(benchmark::State& state) {
  sim::Stream stream{1, "bench", "draws"};
  const auto delay =
      sim::Distribution::shifted_lognormal(sim::milliseconds(5), sim::milliseconds(8), sim::milliseconds(4));
  for (auto _ : state) benchmark::DoNotOptimize(delay.sample(stream));
}
BENCHMARK(draw);

sim::SimulationSpec two_sites() {
  const auto delay =
      sim::Distribution::shifted_lognormal(sim::milliseconds(5), sim::milliseconds(8), sim::milliseconds(4));
  return {.seed = 1,
          .sites = {"a", "b"},
          .links = {{sim::SiteId{0}, sim::SiteId{1}, delay}, {sim::SiteId{1}, sim::SiteId{0}, delay}},
          .outages = {}};
}

/// Runs as many events as the state asks for, a second of virtual time at a go.
void run_events(benchmark::State& state, sim::Simulation& simulation) {
  while (state.KeepRunningBatch(1)) {
    simulation.run(simulation.now() + sim::seconds(1));
  }
  state.SetItemsProcessed(static_cast<std::int64_t>(simulation.events()));
}

void ball(sim::Simulation& simulation, sim::SiteId here) {
  const auto there = static_cast<sim::SiteId>(1 - sim::index(here));
  simulation.site(here).send(there, [&simulation, there] { ball(simulation, there); });
}

void messages(benchmark::State& state) {
  sim::Simulation simulation{two_sites()};
  for (int i = 0; i < 1'000; ++i) ball(simulation, sim::SiteId{0});
  run_events(state, simulation);
}
BENCHMARK(messages)->Unit(benchmark::kMillisecond);

sim::Process tick(sim::Site& site, sim::Duration period) {
  while (true) co_await site.delay(period);
}

void process_waits(benchmark::State& state) {
  sim::Simulation simulation{two_sites()};
  for (int i = 0; i < 1'000; ++i) tick(simulation.site(sim::SiteId{0}), sim::microseconds(9'000 + i));
  run_events(state, simulation);
}
BENCHMARK(process_waits)->Unit(benchmark::kMillisecond);

void tock(sim::Site& site, sim::Duration period) {
  site.record({});
  site.after(period, [&site, period] { tock(site, period); });
}

void actions_and_records(benchmark::State& state) {
  sim::Simulation simulation{two_sites()};
  for (int i = 0; i < 1'000; ++i) tock(simulation.site(sim::SiteId{0}), sim::microseconds(9'000 + i));
  run_events(state, simulation);
}
BENCHMARK(actions_and_records)->Unit(benchmark::kMillisecond);

}  // namespace

BENCHMARK_MAIN();
