#include "cli/command_line.h"

#include <algorithm>

#include "scenarios/units.h"

namespace parallax::cli {

std::string shell_word(std::string_view text) {
  const bool plain = !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           std::string_view("_-./=:,@%+").find(c) != std::string_view::npos;
  });
  if (plain) return std::string(text);
  std::string word = "'";
  for (const char c : text) {
    if (c == '\'') {
      word += "'\\''";
    } else {
      word += c;
    }
  }
  return word + "'";
}

namespace {

// What shapes the result of a scenario.
std::string shaping_options(const RunArguments& arguments) {
  std::string options;
  if (arguments.seed) options += " --seed " + std::to_string(*arguments.seed);
  if (arguments.seeds) options += " --seeds " + std::to_string(*arguments.seeds);
  const scenarios::RunLimits& limits = arguments.limits;
  if (limits.events) options += " --max-events " + std::to_string(*limits.events);
  if (limits.virtual_time) options += " --max-virtual-time " + scenarios::format_duration(*limits.virtual_time);
  if (limits.memory) options += " --max-memory " + scenarios::format_bytes(*limits.memory);
  if (arguments.fragility != RunArguments::Fragility::none) options += " --fragility";
  if (arguments.with) options += " --with " + shell_word(*arguments.with);
  const std::string changes = changing_options(arguments);
  return options + (changes.empty() ? "" : " " + changes);
}

}  // namespace

std::string changing_options(const RunArguments& arguments) {
  std::string options;
  for (const std::string& text : arguments.overrides) {
    options += (options.empty() ? "--set " : " --set ") + shell_word(text);
  }
  return options;
}

std::string reproducing_command(const RunArguments& arguments, const std::string& file) {
  return "parallax run " + shell_word(file) + shaping_options(arguments);
}

std::string reproducing_command(const CheckArguments& arguments) {
  std::string command = "parallax check";
  for (const std::string& path : arguments.paths) command += " " + shell_word(path);
  command += shaping_options(arguments.run);
  if (arguments.baseline) command += " --baseline " + shell_word(*arguments.baseline);
  if (arguments.inconclusive == CheckArguments::Inconclusive::counts_as_failure) command += " --strict";
  if (arguments.plays == CheckArguments::Plays::mutations) command += " --mutate";
  return command;
}

std::string reproducing_command(const TruthArguments& arguments) {
  std::string command = "parallax truth";
  if (arguments.mapping) command += " " + shell_word(*arguments.mapping);
  if (!arguments.only.empty()) command += " --only " + shell_word(arguments.only);
  for (const std::string& text : arguments.overrides) command += " --set " + shell_word(text);
  return command;
}

std::string reproducing_command(const ExplainArguments& arguments) {
  std::string command = "parallax explain " + shell_word(arguments.result) + " " + shell_word(arguments.id);
  if (arguments.observer) command += " --observer " + shell_word(*arguments.observer);
  for (const std::string& text : arguments.what_if) command += " --what-if " + shell_word(text);
  return command;
}

std::string reproducing_command(const CompareArguments& arguments) {
  std::string command = "parallax compare";
  for (const std::string& file : arguments.run.files) command += " " + shell_word(file);
  if (arguments.against) command += " --against " + shell_word(*arguments.against);
  return command + shaping_options(arguments.run);
}

std::string reproducing_command(const BacktestArguments& arguments) {
  std::string command =
      "parallax backtest " + shell_word(arguments.run.files.front()) + " --observed " + shell_word(arguments.observed);
  if (arguments.start) command += " --start " + shell_word(*arguments.start);
  command += " --bucket " + scenarios::format_duration(sim::seconds(arguments.bucket_s));
  return command + shaping_options(arguments.run);
}

}  // namespace parallax::cli
