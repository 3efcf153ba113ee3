#include "cli/arguments.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <array>
#include <cstdio>
#include <utility>

#include "cli/argument_values.h"
#include "scenarios/units.h"
#include "scenarios/wording.h"

namespace parallax::cli {
namespace {

constexpr const char* kExamples =
    "Examples:\n"
    "  parallax list\n"
    "  parallax describe active_active\n"
    "  parallax init --sites eu,us,asia mine.txtpb\n"
    "  parallax run scenarios/library/deployments/standalone_pair.txtpb\n"
    "  parallax run pair.txtpb --seeds quick --jobs 0 --out results\n"
    "  parallax check scenarios --junit junit.xml\n"
    "  parallax validate *.txtpb\n"
    "  parallax explain results 1/us-east/4711\n"
    "\n"
    "Exit codes: 0 pass, 1 expectation missed or regressed, 2 bad usage or scenario, 3 engine fault, 4 inconclusive,\n"
    "5 nothing selected, 6 output could not be written, 130 interrupted.";

constexpr const char* kRunExamples =
    "Examples:\n"
    "  parallax run pair.txtpb                        files in parallax-out/<scenario>/, a summary on stdout\n"
    "  parallax run pair.txtpb --seed 7               one run again\n"
    "  parallax run pair.txtpb --set 'sites[dc].gateway.token_cache.ttl=60s'\n"
    "  parallax run a.txtpb b.txtpb --json | jq .verdict";

constexpr const char* kCheckExamples =
    "Examples:\n"
    "  parallax check scenarios                                   every *.txtpb in the folder and below\n"
    "  parallax check scenarios --seeds standard --out results\n"
    "  parallax check scenarios --mutate                          which expectations cannot fail?\n"
    "  parallax check scenarios --junit junit.xml --markdown summary.md --strict\n"
    "  parallax check scenarios --bless \"TTL cut to 60 s, see change 812\"\n"
    "\n"
    "Each scenario is held against the newest line that was blessed of it, and is one of these since then:\n"
    "regressed (fails and did not, or misses what it met), inconclusive (was decided), moved (same verdict, but a\n"
    "seed went another way), new, improved, same. A blessing records what was found; it makes no miss a pass.\n"
    "A target with known_miss: \"why\" passes while it is missed, and fails once it is met.\n"
    "Times in JUnit are virtual seconds, so that the same suite makes the same file.\n"
    "\n"
    "Exit codes: 0 pass, 1 expectation missed or regressed, 2 bad usage, scenario or history (nothing is run),\n"
    "3 engine fault, 4 inconclusive (with --strict 1), 5 no scenario found, 6 output could not be written,\n"
    "130 interrupted (what was finished is reported).";

constexpr const char* kValidateExamples =
    "Examples:\n"
    "  parallax validate pair.txtpb\n"
    "  parallax validate pair.txtpb --set duration=5m";

constexpr const char* kExplainExamples =
    "Examples:\n"
    "  parallax explain parallax-out/pair 1/us-east/4711\n"
    "  parallax explain result.json 1/us-east/4711 --observer eu-west/node-b\n"
    "  parallax explain result.json 1/us-east/4711 --what-if 'sites[dc].gateway.token_cache.ttl=60s'";

constexpr const char* kReportExamples =
    "Examples:\n"
    "  parallax report parallax-out/pair                       its report.html again\n"
    "  parallax report parallax-out/compare --as html,text     compare.html, and what the comparison said\n"
    "  parallax report results --as junit,markdown             of a suite that was run with --out results\n"
    "  parallax report parallax-out/* --as csv,openmetrics --out figures\n"
    "  parallax report parallax-out/pair --drill-card          the sheet for the drill, alone";

constexpr const char* kCompareExamples =
    "Examples:\n"
    "  parallax compare one.txtpb two.txtpb                    30 seeds each; parallax-out/compare/compare.html\n"
    "  parallax compare today.txtpb plan-*.txtpb --against today --seeds standard --jobs 0\n"
    "  parallax compare sites/*.txtpb --with black-friday.txtpb  all in one trial, kept in a file of its own\n"
    "  parallax compare one.txtpb two.txtpb --json | jq '.metrics[].differences'\n"
    "\n"
    "Exit code 0 whatever is found: a comparison has no target of its own.";

constexpr const char* kBoundsExamples =
    "Examples:\n"
    "  parallax bounds pair.txtpb\n"
    "  parallax bounds pair.txtpb --dependencies --set 'sites[dc].gateway.token_cache.ttl=60s'";

constexpr std::array<std::pair<std::string_view, ReportArguments::As>, 6> kForms{
    {{"html", ReportArguments::As::html},
     {"text", ReportArguments::As::text},
     {"csv", ReportArguments::As::csv},
     {"openmetrics", ReportArguments::As::openmetrics},
     {"markdown", ReportArguments::As::markdown},
     {"junit", ReportArguments::As::junit}}};

std::string wrong_form(const std::string& text) {
  const bool is_known = std::any_of(kForms.begin(), kForms.end(), [&](const auto& form) { return form.first == text; });
  return is_known ? "" : "found \"" + text + "\", expected html, text, csv, openmetrics, markdown or junit";
}

std::vector<ReportArguments::As> forms_of(const std::vector<std::string>& texts) {
  std::vector<ReportArguments::As> forms;
  for (const auto& [name, form] : kForms) {
    if (std::find(texts.begin(), texts.end(), name) != texts.end()) forms.push_back(form);
  }
  return forms;
}

// "61s..62s".
std::optional<scenarios::JournalStretch> stretch_of(std::string_view text) {
  const std::size_t dots = text.find("..");
  if (dots == std::string_view::npos) return std::nullopt;
  const auto from = scenarios::parse_duration(text.substr(0, dots)).value;
  const auto until = scenarios::parse_duration(text.substr(dots + 2)).value;
  if (!from || !until || from->ns < 0 || *from >= *until) return std::nullopt;
  return scenarios::JournalStretch{{from->ns}, {until->ns}};
}

std::string wrong_stretch(const std::string& text) {
  return stretch_of(text) ? "" : "found \"" + text + "\", expected two instants, the later last, as 61s..62s";
}

void add_run_options(CLI::App& command, RunArguments& run, RunOptionsText& text) {
  add_files(command, run.files);
  command
      .add_option("--out", run.out,
                  "Folder for report.html, result.json and timing.json; several scenarios get one "
                  "each in it [parallax-out/<scenario>]")
      ->type_name("DIR");
  command.add_flag("--json", text.json, "Results alone on stdout, one object a line; no file unless --out is given");
  command.add_flag("--history", text.history,
                   "Also history.edn: the first seed as Jepsen writes histories, for Elle and Knossos; needs files");
  command.add_flag("--trace", text.trace,
                   "Also trace.pftrace: how changes of the first seed travel, for ui.perfetto.dev; needs files");
  command.add_flag("--fragility", text.fragility,
                   "Then run again with each default halved and doubled, some hundred runs: which decide a target");
  add_play_options(command, run, text, "the scenario's");
  add_trial(command, run);
  command
      .add_option("--journal", text.journal,
                  "Print all that happens in this stretch of one seed, a record a line, and write no file")
      ->type_name("FROM..TO")
      ->check(CLI::Validator(wrong_stretch, ""))
      ->excludes("--json")
      ->excludes("--history")
      ->excludes("--trace")
      ->excludes("--seeds")
      ->excludes("--out");
  command.footer(kRunExamples);
}

// At most so many: beyond them nobody reads a page of designs side by side.
constexpr int kMostDesigns = 12;

void add_compare_options(CLI::App& command, CompareArguments& compare, RunOptionsText& text) {
  command
      .add_option("files", compare.run.files,
                  "Scenarios in Protobuf text format: deployments of the same duration, workload, catalog and faults")
      ->type_name("FILE")
      ->required()
      ->expected(2, kMostDesigns);
  command.add_option("--against", compare.against, "Name of the scenario that the others are held against [the first]")
      ->type_name("NAME");
  command
      .add_option(
          "--out", compare.run.out,
          "Folder for compare.html, compare.md, comparison.json and a folder for each design [parallax-out/compare]")
      ->type_name("DIR");
  command.add_flag("--json", text.json, "The comparison alone on stdout; no file unless --out is given");
  add_play_options(command, compare.run, text, "quick");
  add_trial(command, compare.run);
  command.footer(kCompareExamples);
}

std::string wrong_reason(const std::string& text) {
  const bool is_blank = text.find_first_not_of(" \t\r\n") == std::string::npos;
  return is_blank ? "found no reason, expected one in words, as \"TTL cut to 60 s\"" : "";
}

void add_check_options(CLI::App& command, CheckArguments& check, RunOptionsText& text) {
  command.add_option("paths", check.paths, "Scenarios, or folders with scenarios (*.txtpb) in and below them")
      ->type_name("PATH")
      ->required();
  command.add_option("--junit", check.junit, "Write test results as JUnit XML")->type_name("FILE");
  command.add_option("--markdown", check.markdown, "Write a summary in Markdown, at most 60 lines")->type_name("FILE");
  command.add_option("--html", check.html, "Write a page that needs no network")->type_name("FILE");
  command
      .add_option(
          "--out", check.out,
          "Folder for all three (junit.xml, summary.md, suite.html), suite.json that they can be made of again, "
          "and a report of each scenario")
      ->type_name("DIR");
  command
      .add_option("--baseline", check.baseline,
                  "History of what was blessed [parallax-history.jsonl in the first PATH's folder]")
      ->type_name("FILE");
  command
      .add_option("--bless", check.bless,
                  "Take what is found for right from now on: append it to the history, with the reason why")
      ->type_name("REASON")
      ->check(CLI::Validator(wrong_reason, ""));
  command.add_flag("--strict", text.strict, "What is inconclusive counts as failed");
  CLI::Option* const mutate = command.add_flag(
      "--mutate", text.mutate,
      "Instead, play seed 1 of each scenario as it is and with what its expectations say that breaks them (broken_by): "
      "which of them cannot fail?");
  for (const char* const of_results : {"--junit", "--markdown", "--html", "--out", "--baseline", "--bless"}) {
    mutate->excludes(of_results);
  }
  text.jobs = "0";
  add_play_options(command, check.run, text, "the scenario's, else quick; 3 of those tagged long");
  command.footer(kCheckExamples);
}

void add_explain_options(CLI::App& command, ExplainArguments& explain) {
  command.add_option("result", explain.result, "A result.json, or the folder that holds one")
      ->type_name("RESULT")
      ->required();
  command.add_option("id", explain.id, "Of a window, as reports print it: seed/site/index")
      ->type_name("ID")
      ->required();
  command.add_option("--observer", explain.observer, "The window of this node [the one with the longest]")
      ->type_name("SITE/NODE");
  command
      .add_option("--what-if", explain.what_if,
                  "Run that seed again with this value, as of --set, and compare. Repeatable.")
      ->type_name("PATH=VALUE")
      ->allow_extra_args(false);
  command.footer(kExplainExamples);
}

void add_bounds_options(CLI::App& command, BoundsArguments& bounds) {
  add_files(command, bounds.files);
  add_overrides(command, bounds.overrides);
  command.add_flag("--dependencies", bounds.dependencies,
                   "Who needs whom, what there is only one of, and the bounds under any single fault too");
  command.footer(kBoundsExamples);
}

void add_report_options(CLI::App& command, ReportArguments& report, std::vector<std::string>& as) {
  command
      .add_option("results", report.results,
                  "result.json of a run, comparison.json of a comparison or suite.json of a suite, or its folder")
      ->type_name("RESULT")
      ->required();
  command.add_option("--out", report.out, "Folder for the files; several results get one each in it [the result's]")
      ->type_name("DIR");
  command
      .add_option("--as", as,
                  "html: the page; text: the summary, on stdout; of a run csv: metrics, windows, their stages and "
                  "classes, series, "
                  "and openmetrics: metrics.txt; of a suite markdown and junit [html]")
      ->type_name("html|text|csv|openmetrics|markdown|junit")
      ->delimiter(',')
      ->allow_extra_args(false)
      ->check(CLI::Validator(wrong_form, ""));
  command.add_flag("--drill-card", report.drill_card,
                   "drill-card.html, one sheet to print, and drill-card.md: the drill before it is held, minute by "
                   "minute what is done, what should be read, when to stop");
  command.footer(kReportExamples);
}

// What stands where a command should, and is none.
std::optional<std::string> unknown_command(const CLI::App& app, int count, const char* const* arguments) {
  if (count < 2 || arguments[1][0] == '-') return std::nullopt;
  const std::string word = arguments[1];
  std::vector<std::string> names;
  for (const CLI::App* command : app.get_subcommands([](const CLI::App*) { return true; })) {
    names.push_back(command->get_name());
  }
  if (std::find(names.begin(), names.end(), word) != names.end()) return std::nullopt;
  return "unknown command " + scenarios::quoted(word) + scenarios::suggestion(word, "commands", names);
}

}  // namespace

std::string_view form_name(ReportArguments::As form) {
  const auto* const named =
      std::find_if(kForms.begin(), kForms.end(), [&](const auto& one) { return one.second == form; });
  return named->first;
}

Request parse_arguments(int count, const char* const* arguments) {
  CLI::App app{
      "Parallax simulates API-management deployments over several data centers and reports every "
      "inconsistency window: how long, for whom, why, and at what cost."};
  app.name("parallax");
  app.set_version_flag("--version", "parallax " PARALLAX_VERSION);
  app.require_subcommand(1);
  app.footer(kExamples);

  RunArguments run;
  RunOptionsText text;
  CLI::App* run_command = app.add_subcommand("run", "Simulate scenarios and report what was found");
  add_run_options(*run_command, run, text);

  CheckArguments check;
  RunOptionsText check_text;
  CLI::App* check_command = app.add_subcommand("check", "Run a regression suite, and hold it against what was blessed");
  add_check_options(*check_command, check, check_text);

  ValidateArguments validate;
  CLI::App* validate_command = app.add_subcommand("validate", "Check scenarios without running them");
  add_files(*validate_command, validate.files);
  add_overrides(*validate_command, validate.overrides);
  validate_command->footer(kValidateExamples);

  CompareArguments compare;
  RunOptionsText compare_text;
  CLI::App* compare_command =
      app.add_subcommand("compare", "Hold deployments against each other in the same trial, seed by seed");
  add_compare_options(*compare_command, compare, compare_text);

  BoundsArguments bounds;
  CLI::App* bounds_command = app.add_subcommand("bounds", "Tell worst cases and dependencies without simulating");
  add_bounds_options(*bounds_command, bounds);

  ExplainArguments explain;
  CLI::App* explain_command = app.add_subcommand("explain", "Tell the journey of one window, hop by hop");
  add_explain_options(*explain_command, explain);

  ReportArguments report;
  std::vector<std::string> report_as;
  CLI::App* report_command = app.add_subcommand("report", "Report again from results, without simulating");
  add_report_options(*report_command, report, report_as);

  const MeasuringCommands measuring(app);
  const AuthoringCommands authoring(app);

  try {
    app.parse(count, arguments);
  } catch (const CLI::ParseError& error) {
    if (const auto unknown = unknown_command(app, count, arguments)) {
      std::fprintf(stderr, "%s\n", unknown->c_str());
      return ExitCode::usage;
    }
    return app.exit(error) == 0 ? ExitCode::pass : ExitCode::usage;
  }
  if (const auto request = authoring.request()) {
    return std::visit([](const auto& asked) -> Request { return asked; }, *request);
  }
  if (const auto request = measuring.request()) {
    return std::visit([](const auto& asked) -> Request { return asked; }, *request);
  }
  if (bounds_command->parsed()) return bounds;
  if (explain_command->parsed()) return explain;
  if (report_command->parsed()) {
    if (!report_as.empty() || report.drill_card) report.as = forms_of(report_as);
    return report;
  }
  if (compare_command->parsed()) {
    read_play_options(compare_text, compare.run);
    if (!compare.run.seed && !compare.run.seeds) compare.run.seeds = seed_count("quick");
    if (compare_text.json) compare.run.output = RunArguments::Output::json;
    return compare;
  }
  if (check_command->parsed()) {
    read_play_options(check_text, check.run);
    if (check_text.strict) check.inconclusive = CheckArguments::Inconclusive::counts_as_failure;
    if (check_text.mutate) check.plays = CheckArguments::Plays::mutations;
    return check;
  }
  if (!run_command->parsed()) return validate;
  read_play_options(text, run);
  if (text.json) run.output = RunArguments::Output::json;
  if (text.fragility) run.fragility = RunArguments::Fragility::of_defaults;
  if (text.history) run.history = RunArguments::History::first_seed;
  if (text.trace) run.trace = RunArguments::Trace::first_seed;
  if ((text.history || text.trace) && text.json && !run.out) {
    std::fprintf(stderr, "found %s with --json, expected --out DIR too: it is a file\n",
                 text.history ? "--history" : "--trace");
    return ExitCode::usage;
  }
  if (!text.journal.empty()) run.journal = stretch_of(text.journal);
  if (run.journal && run.files.size() > 1) {
    std::fputs("found --journal with several scenarios, expected one\n", stderr);
    return ExitCode::usage;
  }
  return run;
}

}  // namespace parallax::cli
