#include "cli/truth_command.h"

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <optional>
#include <thread>

#include "cli/command_line.h"
#include "cli/interrupt.h"
#include "cli/output_files.h"
#include "cli/progress.h"
#include "cli/standard_output.h"
#include "reports/files.h"
#include "reports/json.h"
#include "reports/truth/truth_page.h"
#include "reports/truth/truth_text.h"
#include "scenarios/truth/compare.h"

namespace parallax::cli {
namespace {

namespace fs = std::filesystem;
namespace truths = scenarios::truth;

std::optional<fs::path> folder_of(const TruthArguments& arguments) {
  if (arguments.out) return fs::path(*arguments.out);
  if (arguments.output == TruthArguments::Output::json) return std::nullopt;
  return fs::path("parallax-out") / "truth";
}

void report(const TruthArguments& arguments, const std::optional<fs::path>& folder, const schema::TruthReport& found) {
  if (folder) {
    reports::write_atomically(*folder / "truth.html", reports::truth_page(found));
    reports::write_atomically(*folder / "truth.json", reports::to_json(found));
  }
  if (arguments.output == TruthArguments::Output::json) {
    write_standard_output(reports::to_json_line(found) + "\n");
  } else {
    write_standard_output(reports::truth_text(found) + "report: " + (*folder / "truth.html").string() + "\n");
  }
}

}  // namespace

ExitCode truth(const TruthArguments& arguments) {
  const std::string mapping = arguments.mapping.value_or(truths::kCarriedMapping);
  const truths::Plan plan = truths::plan(arguments.mapping, arguments.only, arguments.overrides);
  for (const scenarios::Problem& problem : plan.problems) std::fprintf(stderr, "%s\n", to_string(problem).c_str());
  if (!plan.problems.empty()) return ExitCode::usage;
  if (plan.groups.empty()) {
    std::fprintf(stderr, "--only: found \"%s\" in no group, setting or quantity, expected one of %s\n",
                 arguments.only.c_str(), mapping.c_str());
    return ExitCode::nothing_selected;
  }
  catch_interrupts();
  const std::optional<fs::path> folder = folder_of(arguments);
  if (folder) prepare_folder(*folder);
  Progress progress("truth");
  truths::PredictOptions options;
  options.jobs = arguments.jobs == 0 ? std::max(1U, std::thread::hardware_concurrency()) : arguments.jobs;
  options.progress = [&](unsigned done, unsigned total) {
    stop_if_interrupted();
    progress.show(done, total, "runs");
  };
  try {
    schema::TruthReport found = truths::compare(plan, options);
    found.set_command(reproducing_command(arguments));
    found.set_mapping(mapping);
    report(arguments, folder, found);
    return verdict_code(found.verdict());
  } catch (const Interrupted&) {
    std::fputs("interrupted\n", stderr);
    return ExitCode::interrupted;
  }
}

}  // namespace parallax::cli
