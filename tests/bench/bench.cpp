// What the engine and whole runs reach: events through the queue, and requests of the library's scenarios with the
// audit on.
#include <benchmark/benchmark.h>

#include <filesystem>
#include <string>

#include "scenarios/load.h"
#include "scenarios/run.h"
#include "sim/distribution.h"
#include "sim/event_queue.h"

namespace {

using namespace parallax;

// The hold model: as many events pending all the time; each step takes the next and schedules one.
void hold(benchmark::State& state) {
  sim::EventQueue queue;
  sim::Stream stream{1, "bench", "gaps"};
  const auto gap = sim::Distribution::exponential(sim::seconds(1));
  std::uint64_t counter = 0;
  for (std::int64_t i = 0; i < state.range(0); ++i) {
    queue.push({sim::VirtualTime{} + gap.sample(stream), ++counter}, [] {});
  }
  for (auto _ : state) {
    const sim::VirtualTime now = queue.top().time;
    queue.pop()();
    queue.push({now + gap.sample(stream), ++counter}, [] {});
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(hold)->Arg(1 << 14)->Arg(1 << 20);

void whole_run(benchmark::State& state, const std::string& name) {
  const std::filesystem::path source{PARALLAX_SOURCE_DIR};
  const auto loaded = scenarios::load_file(source / "scenarios" / "library" / (name + ".txtpb"), {}).loaded;
  std::int64_t requests = 0;
  for (auto _ : state) {
    requests += static_cast<std::int64_t>(scenarios::run_seed(loaded->scenario, 1).findings.ledger.sent);
  }
  state.SetItemsProcessed(requests);
}
BENCHMARK_CAPTURE(whole_run, standalone_pair, "standalone_pair")->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(whole_run, clustered_pair, "clustered_pair")->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(whole_run, active_active, "active_active")->Unit(benchmark::kMillisecond);

}  // namespace

BENCHMARK_MAIN();
