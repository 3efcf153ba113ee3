#include "cli/run_options.h"

#include <algorithm>
#include <numeric>
#include <thread>

#include "cli/command_line.h"
#include "cli/interrupt.h"

namespace parallax::cli {
namespace {

std::vector<std::uint64_t> seeds_of(const RunArguments& arguments, const schema::Scenario& scenario) {
  if (arguments.seed) return {*arguments.seed};
  std::vector<std::uint64_t> seeds(arguments.seeds.value_or(scenario.seeds()));
  std::iota(seeds.begin(), seeds.end(), std::uint64_t{1});
  return seeds;
}

}  // namespace

unsigned jobs_of(const RunArguments& arguments) {
  return arguments.jobs > 0 ? arguments.jobs : std::max(1U, std::thread::hardware_concurrency());
}

scenarios::RunOptions run_options(const RunArguments& arguments, const std::string& file,
                                  const schema::Scenario& scenario, Progress& progress) {
  scenarios::RunOptions options;
  options.seeds = seeds_of(arguments, scenario);
  options.jobs = jobs_of(arguments);
  options.threads = arguments.threads;
  options.limits = arguments.limits;
  options.command = reproducing_command(arguments, file);
  options.progress = [&progress](unsigned done, unsigned total) {
    stop_if_interrupted();
    progress.show(done, total);
  };
  return options;
}

}  // namespace parallax::cli
