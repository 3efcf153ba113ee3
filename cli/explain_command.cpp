#include "cli/explain_command.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <exception>
#include <stdexcept>
#include <utility>

#include "cli/command_line.h"
#include "cli/interrupt.h"
#include "cli/load_all.h"
#include "cli/progress.h"
#include "cli/standard_output.h"
#include "cli/window_id.h"
#include "reports/files.h"
#include "reports/findings.h"
#include "reports/plain_text.h"
#include "reports/read_result.h"
#include "reports/run/journey.h"
#include "scenarios/reload.h"
#include "scenarios/what_if.h"
#include "scenarios/wording.h"

namespace parallax::cli {
namespace {

constexpr std::size_t kNearest = 5;

/// What was asked for is not there. The message is whole.
struct Refused : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// Our mistake, or a result of another engine.
struct Differs : std::runtime_error {
  using std::runtime_error::runtime_error;
};

schema::Result read(const ExplainArguments& arguments) {
  reports::ReadResult read = reports::read_result(arguments.result);
  if (!read.result) throw Refused(read.error);
  return std::move(*read.result);
}

[[noreturn]] void refuse_id(const ExplainArguments& arguments, std::string_view where, std::vector<std::string> ids) {
  std::string message = fmt::format("{}:1:1: found the id {}, expected that of a window {}, as seed/site/index",
                                    arguments.result, scenarios::quoted(arguments.id), where);
  const std::vector<std::string> nearest = nearest_ids(arguments.id, std::move(ids), kNearest);
  if (nearest.empty()) throw Refused(message + "; there is none");
  throw Refused(message + "; nearest: " + scenarios::listing(nearest));
}

/// One window, and those of the same change that other observers have.
struct Chosen {
  schema::Window window;
  std::vector<schema::Window> others;
};

/// The observer's, or the longest. Requires: `windows` is not empty.
Chosen choose(const ExplainArguments& arguments, const schema::Result& result, std::vector<schema::Window> windows) {
  std::stable_sort(windows.begin(), windows.end(),
                   [](const auto& a, const auto& b) { return a.length_ns() > b.length_ns(); });
  auto chosen = windows.begin();
  if (arguments.observer) {
    const std::string& name = *arguments.observer;
    chosen = std::find_if(windows.begin(), windows.end(), [&](const schema::Window& window) {
      return window.observer() == name || reports::node_name(result, window.observer()) == name;
    });
  }
  if (chosen == windows.end()) {
    std::vector<std::string> names;
    for (const schema::Window& window : windows) names.push_back(window.observer());
    throw Refused(fmt::format("--observer {}:1:1: found no window of this change there{}", *arguments.observer,
                              scenarios::suggestion(*arguments.observer, "observers", names)));
  }
  Chosen out{std::move(*chosen), {}};
  windows.erase(chosen);
  out.others = std::move(windows);
  return out;
}

Chosen listed_window(const ExplainArguments& arguments, const schema::Result& result) {
  std::vector<schema::Window> windows;
  std::vector<std::string> ids;
  for (const schema::Window& window : result.windows()) {
    ids.push_back(window.id());
    if (window.id() == arguments.id) windows.push_back(window);
  }
  if (windows.empty()) refuse_id(arguments, "that the result lists (with --what-if: of its run)", std::move(ids));
  return choose(arguments, result, std::move(windows));
}

scenarios::Loaded load(const ExplainArguments& arguments, const schema::Result& result,
                       const std::vector<std::string>& overrides) {
  scenarios::LoadOutcome outcome = scenarios::reload(arguments.result, result, overrides);
  if (outcome.loaded) return std::move(*outcome.loaded);
  for (scenarios::Problem& problem : outcome.problems) {
    constexpr std::string_view kOption = "--set ";
    if (problem.file.starts_with(kOption)) problem.file = "--what-if " + problem.file.substr(kOption.size());
  }
  print_problems(outcome.problems);
  throw Refused("");
}

const schema::Run& run_of(const ExplainArguments& arguments, const schema::Result& result) {
  const auto id = window_id(arguments.id);
  std::vector<std::string> seeds;
  for (const schema::Run& run : result.runs()) {
    if (id && run.seed() == id->seed) return run;
    seeds.push_back(std::to_string(run.seed()));
  }
  throw Refused(fmt::format("{}:1:1: found the id {}, expected seed/site/index with a seed that was run ({})",
                            arguments.result, scenarios::quoted(arguments.id), scenarios::listing(seeds)));
}

/// That seed, as far as it was run.
std::vector<scenarios::SeedRun> play(const scenarios::Loaded& loaded, const schema::Run& run, Progress& progress,
                                     unsigned done) {
  scenarios::RunOptions options;
  options.seeds = {run.seed()};
  if (run.has_ended_ns()) options.limits.virtual_time = sim::Duration{run.ended_ns()};
  options.progress = [&](unsigned, unsigned) {
    stop_if_interrupted();
    progress.show(done, 2);
  };
  return scenarios::run_seeds(loaded.scenario, options);
}

// Else it would be another run that is compared.
void check_same(const schema::Result& result, const schema::Run& run, const scenarios::SeedRun& again) {
  const std::string fingerprint = sim::to_hex(again.fingerprint);
  if (fingerprint == run.fingerprint()) return;
  const std::string message = fmt::format("seed {} again has the fingerprint {}, the result says {}", run.seed(),
                                          fingerprint, scenarios::quoted(run.fingerprint()));
  if (result.version() == PARALLAX_VERSION) throw Differs(message);
  throw Refused(
      fmt::format("{}; it is of version {}, expected " PARALLAX_VERSION, message, scenarios::quoted(result.version())));
}

std::string compared(const ExplainArguments& arguments, const schema::Result& result) {
  const scenarios::Loaded as_it_was = load(arguments, result, {});
  const scenarios::Loaded otherwise = load(arguments, result, arguments.what_if);
  const schema::Run& run = run_of(arguments, result);
  Progress progress(result.scenario());
  const auto before = play(as_it_was, run, progress, 0);
  check_same(result, run, before.front());
  std::vector<schema::Window> windows = scenarios::windows_of(before.front(), arguments.id);
  if (windows.empty()) refuse_id(arguments, "of its run", scenarios::change_ids(before.front()));
  const Chosen chosen = choose(arguments, result, std::move(windows));
  const auto after = play(otherwise, run, progress, 1);
  const auto window_after = scenarios::counterpart(before.front(), chosen.window, after.front());
  const auto class_before = scenarios::class_of(before, chosen.window);
  const auto class_after = scenarios::class_of(after, chosen.window);
  const auto pointer = [](const auto& found) { return found ? &*found : nullptr; };
  return reports::journey(result, chosen.window, chosen.others) +
         reports::what_if(result, arguments.what_if, {&chosen.window, pointer(class_before)},
                          {pointer(window_after), pointer(class_after)});
}

std::string explained(const ExplainArguments& arguments) {
  const schema::Result result = read(arguments);
  if (!arguments.what_if.empty()) return compared(arguments, result);
  const Chosen chosen = listed_window(arguments, result);
  return reports::journey(result, chosen.window, chosen.others);
}

ExitCode engine_fault(const ExplainArguments& arguments, const std::exception& error) {
  std::fprintf(stderr, "engine fault: %s; to make it again: %s\n", error.what(),
               reproducing_command(arguments).c_str());
  return ExitCode::engine_fault;
}

}  // namespace

ExitCode explain(const ExplainArguments& arguments) {
  catch_interrupts();
  try {
    write_standard_output(explained(arguments));
    return ExitCode::pass;
  } catch (const Refused& refused) {
    if (*refused.what() != '\0') std::fprintf(stderr, "%s\n", reports::safe(refused.what()).c_str());
    return ExitCode::usage;
  } catch (const Interrupted&) {
    std::fputs("interrupted\n", stderr);
    return ExitCode::interrupted;
  } catch (const reports::OutputError&) {
    throw;
  } catch (const std::exception& error) {
    return engine_fault(arguments, error);
  }
}

}  // namespace parallax::cli
