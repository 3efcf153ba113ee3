#include "cli/mutate_command.h"

#include <fmt/format.h>

#include <atomic>
#include <cstdio>
#include <exception>
#include <optional>
#include <utility>

#include "cli/command_line.h"
#include "cli/interrupt.h"
#include "cli/load_all.h"
#include "cli/progress.h"
#include "cli/run_options.h"
#include "cli/standard_output.h"
#include "reports/suite/mutation_text.h"
#include "scenarios/suite/mutation.h"
#include "scenarios/workers.h"

namespace parallax::cli {
namespace {

namespace suite = scenarios::suite;

/// One run: a scenario as it is, or under one of its mutations.
struct MutationPlay {
  std::size_t scenario;           ///< place among the files
  std::vector<int> expectations;  ///< that it turns round; none: as it is
  RunArguments arguments;         ///< with the mutation's overrides
  scenarios::Loaded loaded;
  schema::Result result{};
  std::string fault{};
};

RunArguments seed_of(RunArguments arguments) {
  if (!arguments.seed && !arguments.seeds) arguments.seed = 1;
  return arguments;
}

/// Nothing if any mutation makes no scenario: all that is wrong stands on stderr then.
std::optional<std::vector<MutationPlay>> plays_of(const CheckArguments& arguments,
                                                  const std::vector<std::string>& files) {
  auto loaded = load_all(files, arguments.run.overrides);
  if (!loaded) return std::nullopt;
  std::vector<MutationPlay> plays;
  bool all_make_sense = true;
  for (std::size_t i = 0; i < files.size(); ++i) {
    const RunArguments as_it_is = seed_of(arguments.run);
    const std::vector<suite::Mutation> mutations = suite::mutations_of((*loaded)[i].scenario);
    plays.push_back({i, {}, as_it_is, std::move((*loaded)[i])});
    for (const suite::Mutation& mutation : mutations) {
      RunArguments mutated = as_it_is;
      mutated.overrides.insert(mutated.overrides.end(), mutation.overrides.begin(), mutation.overrides.end());
      scenarios::LoadOutcome outcome = scenarios::load_file(files[i], mutated.overrides);
      for (scenarios::Problem& problem : outcome.problems) problem.message = "with broken_by: " + problem.message;
      print_problems(outcome.problems);
      all_make_sense = all_make_sense && outcome.loaded;
      if (outcome.loaded) plays.push_back({i, mutation.expectations, mutated, std::move(*outcome.loaded)});
    }
  }
  return all_make_sense ? std::optional(std::move(plays)) : std::nullopt;
}

/// As many plays at a time as there are jobs, each in one thread of them.
void play_all(const CheckArguments& arguments, const std::vector<std::string>& files,
              std::vector<MutationPlay>& plays) {
  Progress progress("mutations");
  const auto play = [&](std::size_t i, const std::atomic<bool>& stop) {
    MutationPlay& one = plays[i];
    scenarios::RunOptions options = run_options(one.arguments, files[one.scenario], one.loaded.scenario, progress);
    options.jobs = 1;
    options.progress = [&stop](unsigned, unsigned) {
      if (stop) throw Interrupted{};
    };
    try {
      one.result = scenarios::run(one.loaded, options).result;
    } catch (const Interrupted&) {
      throw;
    } catch (const std::exception& error) {
      one.fault = fmt::format("{}; to make it again: {}", error.what(), options.command);
    }
  };
  scenarios::share_out(plays.size(), jobs_of(arguments.run), play, [&](unsigned done, unsigned total) {
    stop_if_interrupted();
    progress.show(done, total, "runs");
  });
}

void judge(const MutationPlay& as_it_is, const MutationPlay& mutated, const std::string& file,
           suite::MutatedScenario& scenario) {
  for (const int i : mutated.expectations) {
    suite::Trial& trial = scenario.trials[static_cast<std::size_t>(i)];
    trial.fate = suite::fate_of(as_it_is.result, mutated.result, i);
    trial.mutated = mutated.result.expectations(i).text();
    const bool holds = trial.fate != suite::Fate::kDoesNotHold;
    trial.command = reproducing_command((holds ? mutated : as_it_is).arguments, file);
  }
}

/// Each scenario as it is stands before its mutations.
suite::MutatedSuite judged(const CheckArguments& arguments, const std::vector<std::string>& files,
                           const std::vector<MutationPlay>& plays) {
  suite::MutatedSuite all{{}, reproducing_command(arguments)};
  const MutationPlay* as_it_is = nullptr;
  for (const MutationPlay& play : plays) {
    if (play.expectations.empty()) {
      as_it_is = &play;
      suite::MutatedScenario& scenario = all.scenarios.emplace_back();
      scenario.scenario = play.loaded.scenario.name();
      for (const auto& outcome : play.result.expectations()) {
        scenario.trials.push_back({suite::Fate::kNamesNone, outcome.text()});
      }
    }
    suite::MutatedScenario& scenario = all.scenarios.back();
    if (!play.fault.empty()) scenario.faults.push_back(play.fault);
    if (play.fault.empty() && as_it_is->fault.empty()) judge(*as_it_is, play, files[play.scenario], scenario);
  }
  return all;
}

ExitCode code_of(const CheckArguments& arguments, const suite::MutatedSuite& all) {
  if (all.faults() > 0) return ExitCode::engine_fault;
  if (all.count(suite::Fate::kSurvived) + all.count(suite::Fate::kDoesNotHold) > 0) return ExitCode::fail;
  if (all.count(suite::Fate::kUndecided) + all.count(suite::Fate::kNamesNone) == 0) return ExitCode::pass;
  const bool is_strict = arguments.inconclusive == CheckArguments::Inconclusive::counts_as_failure;
  return is_strict ? ExitCode::fail : ExitCode::inconclusive;
}

}  // namespace

ExitCode mutate(const CheckArguments& arguments, const std::vector<std::string>& files) {
  auto plays = plays_of(arguments, files);
  if (!plays) return ExitCode::usage;
  catch_interrupts();
  try {
    play_all(arguments, files, *plays);
  } catch (const Interrupted&) {
    std::fputs("interrupted\n", stderr);
    return ExitCode::interrupted;
  }
  const suite::MutatedSuite all = judged(arguments, files, *plays);
  write_standard_output(reports::mutation_text(all));
  return code_of(arguments, all);
}

}  // namespace parallax::cli
