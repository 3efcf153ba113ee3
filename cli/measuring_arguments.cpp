#include "cli/measuring_arguments.h"

#include <CLI/CLI.hpp>

#include "cli/argument_values.h"
#include "scenarios/fitting/measurements.h"
#include "scenarios/units.h"

namespace parallax::cli {
namespace {

constexpr const char* kBacktestExamples =
    "Examples:\n"
    "  parallax backtest plan.txtpb --observed drill.csv               seconds, counted from the fault\n"
    "  parallax backtest plan.txtpb --observed probes.csv --start 2026-11-30T02:00:00Z --bucket 10s --jobs 0\n"
    "  parallax backtest plan.txtpb --observed drill.csv --json | jq .phases\n"
    "\n"
    "The drill's table has a head. Understood are time (seconds, or ISO 8601 dates; of sending), status (an HTTP "
    "code,\n"
    "0 for no answer, or ok, failed, timeout), population and dc as the scenario names them, and count, of calls "
    "alike.\n"
    "From 500 on, and without an answer, a call has failed; a refusal is an answer. Without population all calls "
    "count\n"
    "as one; with dc the share that each data center decides is held against the seeds too, by the minute.\n"
    "\n"
    "Time zero is the scenario's first fault. The drill is explained unless it lies farther from the seeds than 95 % "
    "of\n"
    "drill and seeds lie from each other; at least 19 seeds. Then each population's outage is taken apart (detect,\n"
    "redirect, warm up, back), and the phase that parts most from the scenario is named with what decides it.\n"
    "\n"
    "Exit codes: 0 explained, 1 not explained, 2 bad usage, scenario or drill, 3 engine fault, 4 inconclusive (a "
    "limit\n"
    "ended a run), 6 output could not be written, 130 interrupted.";

constexpr const char* kFitExamples =
    "Examples:\n"
    "  ping -c 1000 gateway.eu > ping.txt; parallax fit ping.txt --as delay\n"
    "  parallax fit rtt.csv --as delay --column rtt_ms --round-trip\n"
    "  parallax fit lag.csv --as lag --unit s --out lag.txtpb\n"
    "  parallax fit windows.csv --as window --json | jq .chosen\n"
    "\n"
    "FILE has a value in each line, or is a table with a column of them (comma, semicolon or tab), or what ping\n"
    "printed. The unit stands in the column's name (rtt_ms), in each value (40ms) or in --unit.\n"
    "\n"
    "  delay    how long one message takes one way, or how long somebody takes\n"
    "  lag      how long after its commit a change is seen at a copy\n"
    "  window   how long after its acknowledgement a change was still not obeyed: to the last old answer\n"
    "\n"
    "Tried are a shifted lognormal and mixtures of one to three gammas. The likeliest by BIC that the values may have\n"
    "come from (Kolmogorov and Smirnov, 5 %, by redrawing) is written; else, and it says so, the values' own "
    "quantiles.\n"
    "Values count as drawn one by one: those of a slow tide tell less than their number says. At most 20 million.\n"
    "\n"
    "Exit codes: 0 written, whatever fits; 2 bad usage, or a file with a value that is none; 6 not written.";

constexpr const char* kTruthExamples =
    "Examples:\n"
    "  parallax truth                                          every measured row; parallax-out/truth/truth.html\n"
    "  parallax truth --only 'cut of 10 s' --set 'replications[0].silence_timeout=6s'\n"
    "  parallax truth my-truth.txtpb --json                    with rows that you have measured\n"
    "\n"
    "Exit codes: 0 all rows are within, 1 some are outside, 2 bad usage or files, 5 nothing selected.";

/// Whole seconds: what is counted is counted by the second.
std::string wrong_bucket(const std::string& text) {
  const auto length = scenarios::parse_duration(text);
  if (!length.value) return "found " + length.error;
  const bool is_whole = length.value->ns % sim::seconds(1).ns == 0;
  if (is_whole && length.value->ns > 0 && *length.value <= sim::minutes(60)) return "";
  return "found \"" + text + "\", expected whole seconds from 1s to 1h";
}

template <typename... Words>
CLI::Validator one_of(const std::string& expected, Words... words) {
  return {[=](const std::string& text) {
            return ((text == words) || ...) ? "" : "found \"" + text + "\", expected " + expected;
          },
          ""};
}

std::string wrong_unit(const std::string& text) {
  if (scenarios::fitting::ns_of_unit(text)) return "";
  return "found \"" + text + "\", expected ns, us, ms, s, min, h or d";
}

}  // namespace

MeasuringCommands::MeasuringCommands(CLI::App& app) {
  add_backtest(app);
  add_fit(app);
  add_truth(app);
}

void MeasuringCommands::add_backtest(CLI::App& app) {
  backtest_command_ = app.add_subcommand("backtest", "Lay a drill that was held over its scenario");
  CLI::App& command = *backtest_command_;
  command.add_option("file", backtest_.run.files, "The drill's scenario in Protobuf text format")
      ->type_name("FILE")
      ->required()
      ->expected(1);
  command
      .add_option("--observed", backtest_.observed, "What was seen in the drill (CSV): time, population or dc, status")
      ->type_name("FILE")
      ->required();
  command
      .add_option("--start", backtest_.start, "When the fault began, as the drill's times are written [0 of seconds]")
      ->type_name("TIME");
  command.add_option("--bucket", bucket_, "Calls of so long are one share [5s]")
      ->type_name("TIME")
      ->check(CLI::Validator(wrong_bucket, ""));
  command
      .add_option("--out", backtest_.run.out,
                  "Folder for backtest.html and backtest.json [parallax-out/<scenario>-backtest]")
      ->type_name("DIR");
  command.add_flag("--json", backtest_text_.json,
                   "All that was found on stdout, one object; no file unless --out is given");
  add_play_options(command, backtest_.run, backtest_text_, "quick");
  command.footer(kBacktestExamples);
}

void MeasuringCommands::add_fit(CLI::App& app) {
  fit_command_ = app.add_subcommand("fit", "Turn measured lengths into a delay of scenarios");
  CLI::App& command = *fit_command_;
  command.add_option("file", fit_.file, "Values with a unit, a table with a column of them, or the output of ping")
      ->type_name("FILE")
      ->required();
  command.add_option("--as", fit_.as, "What was measured")
      ->type_name("delay|lag|window")
      ->required()
      ->check(one_of("delay, lag or window", "delay", "lag", "window"));
  command
      .add_option("--column", fit_.column,
                  "The column with the values, by its name or its place from 1 [the one whose name has a unit]")
      ->type_name("NAME|N");
  command.add_option("--unit", fit_.unit, "Of values that name none [that in the column's name]")
      ->type_name("ns|us|ms|s|min|h|d")
      ->check(CLI::Validator(wrong_unit, ""));
  command.add_flag("--round-trip", fit_.round_trip,
                   "Each value is there and back, and is halved; of ping's own output that is known");
  command.add_flag("--json", fit_.json, "All that was found, one object on one line");
  command.add_option("--out", fit_.out, "Write to this file [stdout]")->type_name("FILE");
  command.footer(kFitExamples);
}

void MeasuringCommands::add_truth(CLI::App& app) {
  truth_command_ = app.add_subcommand("truth", "Hold predictions against what was measured on real software");
  CLI::App& command = *truth_command_;
  command
      .add_option("mapping", truth_.mapping,
                  "Which scenario stands for which measured rows [those in scenarios/truth, which the binary carries]")
      ->type_name("FILE");
  command.add_option("--only", truth_.only, "Rows whose group, setting or quantity holds this text")->type_name("TEXT");
  command.add_option("--out", truth_.out, "Folder for truth.html and truth.json [parallax-out/truth]")
      ->type_name("DIR");
  command.add_flag("--json", truth_text_.json, "The comparison alone on stdout; no file unless --out is given");
  command.add_option("--jobs", truth_text_.jobs, "Runs in parallel, at most 1024 [one for each core]")
      ->type_name("N")
      ->check(CLI::Validator(wrong_thread_count, ""));
  add_overrides(command, truth_.overrides);
  command.footer(kTruthExamples);
}

BacktestArguments MeasuringCommands::backtest_request() const {
  BacktestArguments arguments = backtest_;
  read_play_options(backtest_text_, arguments.run);
  if (!arguments.run.seed && !arguments.run.seeds) arguments.run.seeds = seed_count("quick");
  if (backtest_text_.json) arguments.run.output = RunArguments::Output::json;
  if (!bucket_.empty()) arguments.bucket_s = scenarios::parse_duration(bucket_).value->ns / sim::seconds(1).ns;
  return arguments;
}

TruthArguments MeasuringCommands::truth_request() const {
  TruthArguments arguments = truth_;
  if (truth_command_->count("--jobs") > 0) arguments.jobs = whole_number<unsigned>(truth_text_.jobs).value_or(0);
  if (truth_text_.json) arguments.output = TruthArguments::Output::json;
  return arguments;
}

std::optional<MeasuringRequest> MeasuringCommands::request() const {
  if (backtest_command_->parsed()) return backtest_request();
  if (fit_command_->parsed()) return fit_;
  if (truth_command_->parsed()) return truth_request();
  return std::nullopt;
}

}  // namespace parallax::cli
