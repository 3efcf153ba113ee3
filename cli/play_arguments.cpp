#include "cli/play_arguments.h"

#include <CLI/CLI.hpp>

#include "cli/argument_values.h"
#include "scenarios/units.h"

namespace parallax::cli {
namespace {

constexpr std::uint32_t kSeedsMax = 100'000;  // as `seeds` of a scenario

std::string wrong_seed_count(const std::string& text) {
  return seed_count(text) ? "" : "found \"" + text + "\", expected 1 to 100000, quick, standard or deep";
}

// A run that reaches a limit is inconclusive: what had no time to happen proves nothing.
void add_limits(CLI::App& command, RunOptionsText& text) {
  command
      .add_option("--max-events", text.max_events,
                  "End each run, inconclusive, after the window (at most 100 ms) of its Nth event")
      ->type_name("N")
      ->check(CLI::Validator(wrong_event_limit, ""));
  command.add_option("--max-virtual-time", text.max_virtual_time, "End each run, inconclusive, at this instant, as 5m")
      ->type_name("TIME")
      ->check(CLI::Validator(wrong_time_limit, ""));
  command
      .add_option("--max-memory", text.max_memory,
                  "End each run, inconclusive, when its pending events need so much, as 512MiB")
      ->type_name("BYTES")
      ->check(CLI::Validator(wrong_memory_limit, ""));
}

scenarios::RunLimits limits_of(const RunOptionsText& text) {
  return {whole_number<std::uint64_t>(text.max_events), scenarios::parse_duration(text.max_virtual_time).value,
          scenarios::parse_bytes(text.max_memory).value};
}

}  // namespace

std::optional<std::uint32_t> seed_count(std::string_view text) {
  if (text == "quick") return 30;
  if (text == "standard") return 300;
  if (text == "deep") return 3'000;
  const auto count = whole_number<std::uint32_t>(text);
  const bool valid = count && *count >= 1 && *count <= kSeedsMax;
  return valid ? count : std::nullopt;
}

// CLI11 gives a repeatable option all words that follow; here each takes one.
void add_overrides(CLI::App& command, std::vector<std::string>& overrides) {
  command
      .add_option(
          "--set", overrides,
          "Replace one value: dotted schema names, list elements by name or [index]; [*] is each that is there. "
          "Repeatable.")
      ->type_name("PATH=VALUE")
      ->allow_extra_args(false);
}

void add_trial(CLI::App& command, RunArguments& run) {
  command
      .add_option(
          "--with", run.with,
          "Put each scenario to the trial of this file: part of a scenario that holds a workload and, in place of "
          "the scenarios' own where it has them, catalog, faults, duration and expectations")
      ->type_name("FILE");
}

void add_files(CLI::App& command, std::vector<std::string>& files) {
  command.add_option("files", files, "Scenarios in Protobuf text format")->type_name("FILE")->required();
}

void add_play_options(CLI::App& command, RunArguments& run, RunOptionsText& text, const std::string& seeds) {
  CLI::Option* seed =
      command.add_option("--seed", text.seed, "Run this seed alone")->type_name("N")->check(whole<std::uint64_t>());
  command
      .add_option("--seeds", text.seeds, "Run seeds 1 to N; quick = 30, standard = 300, deep = 3000 [" + seeds + "]")
      ->type_name("N|quick|standard|deep")
      ->check(CLI::Validator(wrong_seed_count, ""))
      ->excludes(seed);
  command
      .add_option("--jobs", text.jobs,
                  "Seeds to run in parallel, at most 1024; 0 = one for each core [" + text.jobs + "]")
      ->type_name("N")
      ->check(CLI::Validator(wrong_thread_count, ""));
  command
      .add_option("--threads", text.threads,
                  "Threads inside one run, its sites and its audit, at most 1024; 0 = one for each core [1]")
      ->type_name("N")
      ->check(CLI::Validator(wrong_thread_count, ""));
  add_limits(command, text);
  add_overrides(command, run.overrides);
}

void read_play_options(const RunOptionsText& text, RunArguments& run) {
  run.seed = whole_number<std::uint64_t>(text.seed);
  run.jobs = whole_number<unsigned>(text.jobs).value_or(run.jobs);
  run.threads = whole_number<unsigned>(text.threads).value_or(run.threads);
  run.limits = limits_of(text);
  if (!text.seeds.empty()) run.seeds = seed_count(text.seeds);
}

}  // namespace parallax::cli
