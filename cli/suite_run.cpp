#include "cli/suite_run.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <exception>
#include <filesystem>
#include <utility>

#include "cli/command_line.h"
#include "cli/interrupt.h"
#include "cli/output_files.h"
#include "cli/standard_output.h"
#include "reports/files.h"
#include "reports/findings.h"
#include "reports/plain_text.h"
#include "reports/run/run_page.h"
#include "reports/suite/suite_text.h"
#include "reports/utf8.h"
#include "scenarios/config_hash.h"
#include "scenarios/suite/record.h"
#include "scenarios/suite/seeds.h"

namespace parallax::cli {
namespace {

namespace fs = std::filesystem;
namespace suite = scenarios::suite;

// Prints what happens in the first second that differs, or writes the history where no second is known.
std::string command_to(const suite::Difference& difference, const RunArguments& arguments, const std::string& file) {
  RunArguments again = arguments;
  again.seeds.reset();
  again.seed = difference.seed;
  const std::string command = reproducing_command(again, file);
  if (!difference.second) return command + " --history";
  return command + " --journal " + std::to_string(*difference.second) + "s.." + std::to_string(*difference.second + 1) +
         "s";
}

void tell(const scenarios::RunOutput& output, const suite::Baseline& baseline, const RunArguments& arguments,
          const std::string& file, const std::string& config, suite::Row& row) {
  const schema::Result& result = output.result;
  row.history = baseline.history(row.scenario);
  suite::compare(baseline.newest(row.scenario), suite::record_of(result, config), row);
  row.sentence = reports::verdict_sentence(result);
  for (const std::string& reason : result.reasons()) row.reasons.push_back(reports::reason_words(reason, result));
  if (row.difference) row.again = command_to(*row.difference, arguments, file);
}

/// With the seeds that suites play where nobody says how many.
RunArguments arguments_for(const scenarios::Loaded& loaded, RunArguments arguments) {
  if (!arguments.seed && !arguments.seeds) arguments.seeds = suite::seeds_of(loaded.scenario, loaded.assumptions);
  return arguments;
}

std::size_t name_width(const Selection& selection) {
  std::size_t width = 0;
  for (const scenarios::Loaded& loaded : selection.loaded) {
    width = std::max(width, reports::code_points(reports::safe(loaded.scenario.name())));
  }
  return width;
}

}  // namespace

SuiteRun::SuiteRun(const CheckArguments& arguments, const Selection& selection, const Play& play)
    : arguments_{arguments}, selection_{selection}, play_{play}, name_width_{name_width(selection)} {
  using Inconclusive = CheckArguments::Inconclusive;
  suite_.selected = selection.files.size();
  suite_.command = reproducing_command(arguments);
  if (arguments.inconclusive == Inconclusive::counts_as_failure) {
    suite_.inconclusive = suite::Suite::Inconclusive::kCountsAsFailure;
  }
}

ExitCode SuiteRun::all() {
  ExitCode code = ExitCode::pass;
  for (std::size_t i = 0; i < selection_.files.size(); ++i) {
    try {
      stop_if_interrupted();
      code = graver(code, one(i));
    } catch (const Interrupted&) {
      std::fprintf(stderr, "interrupted in %s; what is finished is reported\n", selection_.files[i].c_str());
      return ExitCode::interrupted;
    }
  }
  return code;
}

// A fault of the engine is a row too: what others have found is not lost by it.
ExitCode SuiteRun::one(std::size_t i) {
  const scenarios::Loaded& loaded = selection_.loaded[i];
  const RunArguments arguments = arguments_for(loaded, arguments_.run);
  suite::Row row;
  row.scenario = loaded.scenario.name();
  row.title = loaded.scenario.title();
  row.command = reproducing_command(arguments, selection_.files[i]);
  row.asked = changing_options(arguments_.run);
  ExitCode code = ExitCode::pass;
  try {
    const std::string label = fmt::format("{}/{} {}", i + 1, selection_.files.size(), row.scenario);
    const scenarios::RunOutput output = play_(arguments, selection_.files[i], loaded, label);
    tell(output, selection_.baseline, arguments, selection_.files[i], to_hex(scenarios::config_hash(loaded.scenario)),
         row);
    code = write_report(output, row);
  } catch (const std::exception& error) {
    row.state = suite::State::kFault;
    row.fault = error.what();
  }
  write_standard_output(reports::suite_line(row, name_width_));
  suite_.rows.push_back(std::move(row));
  return code;
}

ExitCode SuiteRun::write_report(const scenarios::RunOutput& output, suite::Row& row) const {
  if (!arguments_.out) return ExitCode::pass;
  try {
    prepare_folder(fs::path(*arguments_.out) / row.scenario);
    write_files(fs::path(*arguments_.out) / row.scenario, output);
  } catch (const reports::OutputError& error) {
    std::fprintf(stderr, "output could not be written: %s\n", error.what());
    return ExitCode::output_failed;
  }
  // The page lies in the same folder, unless it was asked for elsewhere.
  if (!arguments_.html) row.report = row.scenario + "/report.html";
  return ExitCode::pass;
}

}  // namespace parallax::cli
