#include "cli/run_command.h"

#include <fmt/format.h>

#include <cstdio>
#include <exception>
#include <filesystem>
#include <map>
#include <optional>
#include <string_view>

#include "cli/command_line.h"
#include "cli/interrupt.h"
#include "cli/journal_command.h"
#include "cli/load_all.h"
#include "cli/output_files.h"
#include "cli/progress.h"
#include "cli/run_options.h"
#include "cli/standard_output.h"
#include "reports/files.h"
#include "reports/json.h"
#include "reports/run/run_page.h"
#include "reports/run/run_text.h"
#include "scenarios/fragility.h"
#include "scenarios/run.h"

namespace parallax::cli {
namespace {

namespace fs = std::filesystem;

/// Where the files of a scenario go; nowhere if only JSON on stdout is asked for.
std::optional<fs::path> folder_of(const RunArguments& arguments, const schema::Scenario& scenario) {
  if (arguments.out) {
    return arguments.files.size() == 1 ? fs::path(*arguments.out) : fs::path(*arguments.out) / scenario.name();
  }
  if (arguments.output == RunArguments::Output::json) return std::nullopt;
  return fs::path("parallax-out") / scenario.name();
}

/// Whether each scenario has a folder of its own; if not, says which have not.
bool folders_differ(const RunArguments& arguments, const std::vector<scenarios::Loaded>& loaded) {
  std::map<fs::path, std::string> taken;
  bool differ = true;
  for (std::size_t i = 0; i < loaded.size(); ++i) {
    const auto folder = folder_of(arguments, loaded[i].scenario);
    if (!folder) continue;
    const auto [first, added] = taken.emplace(*folder, arguments.files[i]);
    if (added) continue;
    differ = false;
    std::fprintf(stderr, "%s:1:1: found the scenario name \"%s\" again, expected one that is not in %s too\n",
                 arguments.files[i].c_str(), loaded[i].scenario.name().c_str(), first->second.c_str());
  }
  return differ;
}

// Behind the run, for it takes as long as some hundred of them.
void add_fragility(const scenarios::RunOptions& options, scenarios::RunOutput& output) {
  Progress progress(output.result.scenario() + ", defaults halved and doubled");
  scenarios::RunOptions again = options;
  again.history = nullptr;
  again.progress = [&progress](unsigned done, unsigned total) {
    stop_if_interrupted();
    progress.show(done, total, "values");
  };
  *output.result.mutable_fragility() = scenarios::fragility_of(output.result, again);
}

scenarios::RunOutput simulate(const RunArguments& arguments, const std::string& file, const scenarios::Loaded& loaded,
                              const std::optional<fs::path>& folder) {
  Progress progress(loaded.scenario.name());
  std::optional<reports::AtomicFile> history;
  if (arguments.history != RunArguments::History::none) history.emplace(*folder / "history.edn");
  std::optional<reports::AtomicFile> trace;
  if (arguments.trace != RunArguments::Trace::none) trace.emplace(*folder / "trace.pftrace");
  scenarios::RunOptions options = run_options(arguments, file, loaded.scenario, progress);
  if (history) options.history = [&history](std::string_view text) { history->write(text); };
  if (trace) options.trace = [&trace](std::string_view bytes) { trace->write(bytes); };
  scenarios::RunOutput output = scenarios::run(loaded, options);
  if (history) history->commit();
  if (trace) trace->commit();
  if (arguments.fragility != RunArguments::Fragility::none) add_fragility(options, output);
  return output;
}

void report(const RunArguments& arguments, const std::optional<fs::path>& folder, const scenarios::RunOutput& output) {
  if (folder) write_files(*folder, output);
  if (arguments.output == RunArguments::Output::json) {
    write_standard_output(reports::to_json_line(output.result) + "\n");
  } else {
    write_standard_output(reports::summary(output.result) + "report: " + (*folder / "report.html").string() + "\n");
  }
  std::fputs((speed_line(output.timing) + "\n").c_str(), stderr);
  if (output.result.verdict() == "pass") return;
  std::fprintf(stderr, "%s; to make it again: %s\n", output.result.verdict().c_str(), output.result.command().c_str());
}

reports::IndexEntry index_entry(const schema::Result& result) {
  const std::string& title = result.config().title().empty() ? result.scenario() : result.config().title();
  return {title, result.verdict(), reports::verdict_sentence(result), result.scenario() + "/report.html"};
}

/// One page that leads to the reports of several scenarios.
ExitCode write_index(const RunArguments& arguments, const std::vector<reports::IndexEntry>& finished) {
  const fs::path page = fs::path(arguments.out.value_or("parallax-out")) / "index.html";
  try {
    reports::write_atomically(page, reports::index_page(finished));
    write_standard_output("all reports: " + page.string() + "\n");
    return ExitCode::pass;
  } catch (const reports::OutputError& error) {
    std::fprintf(stderr, "output could not be written: %s\n", error.what());
    return ExitCode::output_failed;
  }
}

ExitCode run_one(const RunArguments& arguments, const std::string& file, const scenarios::Loaded& loaded,
                 std::vector<reports::IndexEntry>& finished) {
  const bool is_first = file == arguments.files.front();
  try {
    stop_if_interrupted();
    const std::optional<fs::path> folder = folder_of(arguments, loaded.scenario);
    if (folder) prepare_folder(*folder);
    const scenarios::RunOutput output = simulate(arguments, file, loaded, folder);
    report(arguments, folder, output);
    if (folder) finished.push_back(index_entry(output.result));
    return verdict_code(output.result.verdict());
  } catch (const Interrupted&) {
    std::fprintf(stderr, "interrupted in %s; %s\n", file.c_str(),
                 is_first ? "nothing was finished" : "what was finished before it is kept");
    return ExitCode::interrupted;
  } catch (const reports::OutputError& error) {
    std::fprintf(stderr, "output could not be written: %s\n", error.what());
    return ExitCode::output_failed;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "engine fault in %s: %s; to make it again: %s\n", file.c_str(), error.what(),
                 reproducing_command(arguments, file).c_str());
    return ExitCode::engine_fault;
  }
}

}  // namespace

ExitCode run(const RunArguments& arguments) {
  if (arguments.journal) return print_journal(arguments);
  const auto loaded = load_all(arguments);
  if (!loaded || !folders_differ(arguments, *loaded)) return ExitCode::usage;
  catch_interrupts();
  ExitCode code = ExitCode::pass;
  std::vector<reports::IndexEntry> finished;
  for (std::size_t i = 0; i < loaded->size(); ++i) {
    const ExitCode outcome = run_one(arguments, arguments.files[i], (*loaded)[i], finished);
    code = graver(code, outcome);
    // Neither would go better with the next scenario.
    if (outcome == ExitCode::interrupted || outcome == ExitCode::output_failed) break;
  }
  if (finished.size() > 1) code = graver(code, write_index(arguments, finished));
  return code;
}

}  // namespace parallax::cli
