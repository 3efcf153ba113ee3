#include "cli/check_command.h"

#include <fmt/format.h>

#include <cstdio>
#include <filesystem>
#include <map>
#include <optional>
#include <system_error>
#include <utility>

#include "cli/command_line.h"
#include "cli/interrupt.h"
#include "cli/load_all.h"
#include "cli/mutate_command.h"
#include "cli/output_files.h"
#include "cli/progress.h"
#include "cli/run_options.h"
#include "cli/scenario_files.h"
#include "cli/standard_output.h"
#include "cli/suite_run.h"
#include "reports/files.h"
#include "reports/json.h"
#include "reports/suite/baseline_file.h"
#include "reports/suite/junit.h"
#include "reports/suite/suite_markdown.h"
#include "reports/suite/suite_page.h"
#include "reports/suite/suite_text.h"
#include "scenarios/suite/suite.h"
#include "scenarios/suite/suite_result.h"

namespace parallax::cli {
namespace {

namespace fs = std::filesystem;
namespace suite = scenarios::suite;

struct Outputs {
  std::optional<fs::path> json;
  std::optional<fs::path> junit;
  std::optional<fs::path> markdown;
  std::optional<fs::path> html;
};

Outputs outputs_of(const CheckArguments& arguments) {
  const auto place = [&](const std::optional<std::string>& file, const char* name) -> std::optional<fs::path> {
    if (file) return fs::path(*file);
    return arguments.out ? std::optional(fs::path(*arguments.out) / name) : std::nullopt;
  };
  return {place(std::nullopt, "suite.json"), place(arguments.junit, "junit.xml"),
          place(arguments.markdown, "summary.md"), place(arguments.html, "suite.html")};
}

// Beside the scenarios, so that both are in one change.
fs::path baseline_of(const CheckArguments& arguments) {
  if (arguments.baseline) return *arguments.baseline;
  const fs::path first = arguments.paths.front();
  std::error_code ignored;
  return (fs::is_directory(first, ignored) ? first : first.parent_path()) / "parallax-history.jsonl";
}

// A history tells scenarios apart by their names.
bool have_names_of_their_own(const Selection& selection) {
  std::map<std::string, std::string> taken;
  bool differ = true;
  for (std::size_t i = 0; i < selection.files.size(); ++i) {
    const std::string& name = selection.loaded[i].scenario.name();
    const auto [first, added] = taken.emplace(name, selection.files[i]);
    if (added) continue;
    differ = false;
    std::fprintf(stderr, "%s:1:1: found the scenario name \"%s\" again, expected one that is not in %s too\n",
                 selection.files[i].c_str(), name.c_str(), first->second.c_str());
  }
  return differ;
}

/// Nothing if any of it is wrong: all that is stands on stderr then.
std::optional<Selection> select(const CheckArguments& arguments, std::vector<std::string> files) {
  Selection selection{std::move(files), {}, {}};
  auto loaded = load_all(selection.files, arguments.run.overrides);
  // A history that was asked for and is not there would make everything new, and new is no regression.
  const bool is_needed = arguments.baseline && !arguments.bless;
  reports::ReadBaseline read = reports::read_baseline(
      baseline_of(arguments), is_needed ? reports::Presence::kNeeded : reports::Presence::kOptional);
  for (const std::string& error : read.errors) std::fprintf(stderr, "%s\n", error.c_str());
  if (!loaded || !read.baseline) return std::nullopt;
  selection.loaded = std::move(*loaded);
  selection.baseline = std::move(*read.baseline);
  return have_names_of_their_own(selection) ? std::optional(std::move(selection)) : std::nullopt;
}

// What cannot be written ends the command before it simulates anything.
void prepare_outputs(const CheckArguments& arguments, const Outputs& outputs) {
  if (arguments.out) prepare_folder(*arguments.out);
  for (const auto& output : {outputs.json, outputs.junit, outputs.markdown, outputs.html}) {
    if (output && output->has_parent_path()) prepare_folder(output->parent_path());
    // A device would be replaced by a file.
    std::error_code ignored;
    if (output && fs::exists(*output, ignored) && !fs::is_regular_file(*output, ignored)) {
      throw reports::OutputError(output->string() + ": is there already, and is no file");
    }
  }
}

ExitCode verdict_of(const suite::Suite& suite) {
  ExitCode code = ExitCode::pass;
  for (const suite::Row& row : suite.rows) {
    if (row.state == suite::State::kFault) {
      code = graver(code, ExitCode::engine_fault);
    } else {
      const ExitCode of_row = verdict_code(row.verdict());
      const bool is_strict = suite.inconclusive == suite::Suite::Inconclusive::kCountsAsFailure;
      code = graver(code, of_row == ExitCode::inconclusive && is_strict ? ExitCode::fail : of_row);
    }
  }
  return code;
}

// One that cannot be written keeps nobody from the others.
ExitCode write_output(const std::optional<fs::path>& path, const std::function<std::string()>& content) {
  if (!path) return ExitCode::pass;
  try {
    reports::write_atomically(*path, content());
    write_standard_output("report: " + path->string() + "\n");
    return ExitCode::pass;
  } catch (const reports::OutputError& error) {
    std::fprintf(stderr, "output could not be written: %s\n", error.what());
    return ExitCode::output_failed;
  }
}

ExitCode write_outputs(const Outputs& outputs, const suite::Suite& suite) {
  const ExitCode json =
      write_output(outputs.json, [&] { return reports::to_json(suite::message_of(suite, PARALLAX_VERSION)); });
  const ExitCode junit = write_output(outputs.junit, [&] { return reports::junit(suite); });
  const ExitCode markdown = write_output(outputs.markdown, [&] { return reports::suite_markdown(suite); });
  const ExitCode html = write_output(outputs.html, [&] { return reports::suite_page(suite); });
  return graver(graver(json, junit), graver(markdown, html));
}

// Scenarios that were not run now keep what they were blessed with.
ExitCode bless(const CheckArguments& arguments, suite::Baseline baseline, const suite::Suite& suite) {
  std::size_t blessed = 0;
  for (const suite::Row& row : suite.rows) {
    if (row.now && baseline.bless(*row.now, *arguments.bless) == suite::Baseline::Blessing::kAppended) ++blessed;
  }
  const fs::path path = baseline_of(arguments);
  try {
    if (blessed > 0) reports::write_atomically(path, reports::baseline_lines(baseline));
  } catch (const reports::OutputError& error) {
    std::fprintf(stderr, "output could not be written: %s\n", error.what());
    return ExitCode::output_failed;
  }
  write_standard_output(
      fmt::format("blessed: {} of {}, in {}{}\n", blessed, suite.rows.size(), path.string(),
                  blessed < suite.rows.size() ? "; the others were so already, or have no result" : ""));
  return ExitCode::pass;
}

}  // namespace

ExitCode check(const CheckArguments& arguments, const Play& play) {
  std::vector<std::string> files;
  try {
    files = scenario_files(arguments.paths);
  } catch (const fs::filesystem_error& error) {
    std::fprintf(stderr, "%s:1:1: cannot be read (%s), expected scenarios\n", error.path1().c_str(),
                 error.code().message().c_str());
    return ExitCode::usage;
  }
  if (files.empty()) {
    std::fprintf(stderr, "%s:1:1: found no scenario, expected *.txtpb in it or below\n",
                 arguments.paths.front().c_str());
    return ExitCode::nothing_selected;
  }
  if (arguments.plays == CheckArguments::Plays::mutations) return mutate(arguments, files);
  const auto selection = select(arguments, std::move(files));
  if (!selection) return ExitCode::usage;
  const Outputs outputs = outputs_of(arguments);
  prepare_outputs(arguments, outputs);
  catch_interrupts();
  SuiteRun run{arguments, *selection, play};
  ExitCode code = run.all();
  write_standard_output(reports::suite_details(run.suite()));
  const bool is_complete = code != ExitCode::interrupted;
  code = graver(graver(code, verdict_of(run.suite())), write_outputs(outputs, run.suite()));
  if (!arguments.bless) return code;
  if (is_complete) return graver(code, bless(arguments, selection->baseline, run.suite()));
  std::fputs("nothing is blessed: the suite was interrupted\n", stderr);
  return code;
}

ExitCode check(const CheckArguments& arguments) {
  return check(arguments, [](const RunArguments& run, const std::string& file, const scenarios::Loaded& loaded,
                             const std::string& label) {
    Progress progress(label);
    return scenarios::run(loaded, run_options(run, file, loaded.scenario, progress));
  });
}

}  // namespace parallax::cli
