#include "cli/compare_command.h"

#include <chrono>
#include <cstdio>
#include <filesystem>
#include <optional>
#include <set>
#include <system_error>

#include "cli/command_line.h"
#include "cli/interrupt.h"
#include "cli/load_all.h"
#include "cli/output_files.h"
#include "cli/progress.h"
#include "cli/run_options.h"
#include "cli/standard_output.h"
#include "reports/comparison/compare_markdown.h"
#include "reports/comparison/compare_page.h"
#include "reports/comparison/compare_text.h"
#include "reports/files.h"
#include "reports/json.h"
#include "scenarios/comparison/compare.h"
#include "scenarios/comparison/same_trial.h"

namespace parallax::cli {
namespace {

namespace fs = std::filesystem;

// The number of the design that the others are held against; nothing, and why on stderr, if there is none.
std::optional<std::size_t> baseline_of(const CompareArguments& arguments,
                                       const std::vector<scenarios::Loaded>& loaded) {
  if (!arguments.against) return 0;
  for (std::size_t i = 0; i < loaded.size(); ++i) {
    if (loaded[i].scenario.name() == *arguments.against) return i;
  }
  std::string names;
  for (const auto& design : loaded) names += (names.empty() ? "" : ", ") + design.scenario.name();
  std::fprintf(stderr, "--against: found \"%s\", expected one of %s\n", arguments.against->c_str(), names.c_str());
  return std::nullopt;
}

// All that keeps the scenarios from being compared is on stderr then.
bool are_comparable(const CompareArguments& arguments, const std::vector<scenarios::Loaded>& loaded) {
  bool are = true;
  std::set<std::string> names;
  for (std::size_t i = 0; i < loaded.size(); ++i) {
    const schema::Scenario& scenario = loaded[i].scenario;
    if (!names.insert(scenario.name()).second) {
      std::fprintf(stderr, "%s:1:1: found the scenario name \"%s\" again, expected one of its own\n",
                   arguments.run.files[i].c_str(), scenario.name().c_str());
      are = false;
    }
    const auto difference = scenarios::trial_difference(loaded.front().scenario, scenario);
    if (!difference) continue;
    std::fprintf(
        stderr,
        "%s:1:1: %s as in %s: only deployments in the same trial can be compared; --with FILE gives one to all\n",
        arguments.run.files[i].c_str(), difference->c_str(), arguments.run.files.front().c_str());
    are = false;
  }
  return are;
}

scenarios::DesignRun simulate(const RunArguments& arguments, const std::string& file, const scenarios::Loaded& design) {
  Progress progress(design.scenario.name());
  return scenarios::run_design(design, run_options(arguments, file, design.scenario, progress));
}

std::optional<fs::path> folder_of(const CompareArguments& arguments) {
  if (arguments.run.out) return fs::path(*arguments.run.out);
  if (arguments.run.output == RunArguments::Output::json) return std::nullopt;
  return fs::path("parallax-out") / "compare";
}

void report(const CompareArguments& arguments, const std::optional<fs::path>& folder,
            const schema::Comparison& comparison) {
  if (folder) {
    reports::write_atomically(*folder / "compare.html", reports::compare_page(comparison));
    reports::write_atomically(*folder / "compare.md", reports::compare_markdown(comparison));
    reports::write_atomically(*folder / "comparison.json", reports::to_json(comparison));
  }
  if (arguments.run.output == RunArguments::Output::json) {
    write_standard_output(reports::to_json_line(comparison) + "\n");
  } else {
    write_standard_output(reports::compare_text(comparison) + "report: " + (*folder / "compare.html").string() + "\n");
  }
}

}  // namespace

ExitCode compare(const CompareArguments& arguments) {
  const auto loaded = load_all(arguments.run);
  if (!loaded || !are_comparable(arguments, *loaded)) return ExitCode::usage;
  const auto baseline = baseline_of(arguments, *loaded);
  if (!baseline) return ExitCode::usage;
  catch_interrupts();
  const std::optional<fs::path> folder = folder_of(arguments);
  if (folder) {
    prepare_folder(*folder);
    // What an earlier comparison has left is not this one's.
    for (const char* name : {"compare.html", "compare.md", "comparison.json"}) {
      std::error_code ignored;  // what cannot be removed cannot be written either, and is told then
      fs::remove(*folder / name, ignored);
    }
  }
  const auto start = std::chrono::steady_clock::now();
  std::vector<scenarios::DesignRun> designs;
  scenarios::Timing timing;
  try {
    for (std::size_t i = 0; i < loaded->size(); ++i) {
      designs.push_back(simulate(arguments.run, arguments.run.files[i], (*loaded)[i]));
      const schema::Result& result = designs.back().result;
      timing.requests += result.requests();
      if (!folder) continue;
      prepare_folder(*folder / result.scenario());
      write_result(*folder / result.scenario(), result);
    }
  } catch (const Interrupted&) {
    const bool keeps = folder && !designs.empty();
    std::fputs(keeps ? "interrupted; the results of finished designs are kept\n" : "interrupted\n", stderr);
    return ExitCode::interrupted;
  }
  timing.wall_seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  report(arguments, folder, scenarios::compare(std::move(designs), *baseline, reproducing_command(arguments)));
  std::fputs((speed_line(timing) + "\n").c_str(), stderr);
  return ExitCode::pass;
}

}  // namespace parallax::cli
