#include "cli/backtest_command.h"

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <optional>
#include <vector>

#include "cli/command_line.h"
#include "cli/interrupt.h"
#include "cli/load_all.h"
#include "cli/output_files.h"
#include "cli/progress.h"
#include "cli/run_options.h"
#include "cli/standard_output.h"
#include "reports/drill/backtest_page.h"
#include "reports/drill/backtest_text.h"
#include "reports/files.h"
#include "reports/json.h"
#include "scenarios/backtest/backtest.h"
#include "scenarios/backtest/band.h"

namespace parallax::cli {
namespace {

namespace fs = std::filesystem;
using scenarios::backtest::kLeastSeeds;

std::optional<fs::path> folder_for(const BacktestArguments& arguments, const std::string& scenario) {
  if (arguments.run.out) return fs::path(*arguments.run.out);
  if (arguments.run.output == RunArguments::Output::json) return std::nullopt;
  return fs::path("parallax-out") / (scenario + "-backtest");
}

bool are_enough(const RunArguments& arguments) {
  const std::size_t seeds = arguments.seed ? 1 : *arguments.seeds;
  if (seeds >= kLeastSeeds) return true;
  std::fprintf(stderr, "--seeds: found %zu, expected at least %zu: fewer could not tell a drill from chance\n", seeds,
               kLeastSeeds);
  return false;
}

void tell(const BacktestArguments& arguments, const std::optional<fs::path>& folder, const schema::Backtest& found) {
  if (folder) {
    reports::write_atomically(*folder / "backtest.html", reports::backtest_page(found));
    reports::write_atomically(*folder / "backtest.json", reports::to_json(found));
  }
  if (arguments.run.output == RunArguments::Output::json)
    return write_standard_output(reports::to_json_line(found) + "\n");
  write_standard_output(reports::backtest_text(found) + "report: " + (*folder / "backtest.html").string() + "\n");
}

}  // namespace

ExitCode backtest(const BacktestArguments& arguments) {
  const auto loaded = load_all(arguments.run.files, arguments.run.overrides);
  if (!loaded || !are_enough(arguments.run)) return ExitCode::usage;
  const schema::Scenario& scenario = loaded->front().scenario;
  if (arguments.start && !scenarios::backtest::instant_of(*arguments.start)) {
    std::fprintf(stderr, "--start: found \"%s\", expected seconds, or a date like 2026-11-30T02:38:04Z\n",
                 arguments.start->c_str());
    return ExitCode::usage;
  }
  const auto read = scenarios::backtest::read_drill(arguments.observed, arguments.start, scenario);
  if (!read.drill) {
    print_problems(read.problems);
    return ExitCode::usage;
  }
  if (const std::string obstacle = scenarios::backtest::obstacle(scenario); !obstacle.empty()) {
    std::fprintf(stderr, "%s:1:1: %s\n", arguments.run.files.front().c_str(), obstacle.c_str());
    return ExitCode::usage;
  }
  catch_interrupts();
  const auto folder = folder_for(arguments, scenario.name());
  if (folder) prepare_folder(*folder);
  std::vector<scenarios::SeedRun> runs;
  try {
    Progress progress(scenario.name());
    runs = scenarios::run_seeds(scenario, run_options(arguments.run, arguments.run.files.front(), scenario, progress));
  } catch (const Interrupted&) {
    std::fputs("interrupted\n", stderr);
    return ExitCode::interrupted;
  }
  const scenarios::backtest::BacktestOptions options{arguments.observed, reproducing_command(arguments),
                                                     arguments.bucket_s};
  const std::string obstacle = scenarios::backtest::obstacle(scenario, runs, *read.drill, options);
  if (!obstacle.empty()) {
    std::fprintf(stderr, "%s:1:1: %s\n", arguments.observed.c_str(), obstacle.c_str());
    return ExitCode::usage;
  }
  const schema::Backtest found = scenarios::backtest::backtest(loaded->front(), runs, *read.drill, options);
  tell(arguments, folder, found);
  if (std::any_of(runs.begin(), runs.end(), [](const auto& run) { return !run.limit.empty(); })) {
    std::fputs("inconclusive: a limit has ended a run before its time\n", stderr);
    return ExitCode::inconclusive;
  }
  return found.verdict() == "explained" ? ExitCode::pass : ExitCode::fail;
}

}  // namespace parallax::cli
