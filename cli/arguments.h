// The command line, parsed: what the user asked for, checked as far as it can be without reading a file.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "cli/authoring_arguments.h"
#include "cli/exit_code.h"
#include "cli/measuring_arguments.h"
#include "cli/play_arguments.h"

namespace parallax::cli {

struct ValidateArguments {
  std::vector<std::string> files;
  std::vector<std::string> overrides;  ///< "path=value"
};

struct CompareArguments {
  RunArguments run;                    ///< of each design: at least two files, all in the same seeds
  std::optional<std::string> against;  ///< name of the design that the others are held against; else the first
};

struct BoundsArguments {
  std::vector<std::string> files;
  std::vector<std::string> overrides;  ///< "path=value"
  bool dependencies{false};
};

struct ExplainArguments {
  std::string result;  ///< result.json, or the folder that holds one
  std::string id;
  std::optional<std::string> observer;
  std::vector<std::string> what_if;  ///< "path=value"
};

struct ReportArguments {
  std::vector<std::string>
      results;  ///< each a result.json, comparison.json or suite.json, or the folder that holds one
  std::optional<std::string> out;
  enum class As { html, text, csv, openmetrics, markdown, junit };
  std::vector<As> as{As::html};
  bool drill_card{false};  ///< drill-card.html and drill-card.md
};

struct CheckArguments {
  std::vector<std::string> paths;  ///< scenarios, or folders of them
  RunArguments run;                ///< each of them; its files and what it writes are not used
  std::optional<std::string> out;  ///< folder for all reports
  std::optional<std::string> junit;
  std::optional<std::string> markdown;
  std::optional<std::string> html;
  std::optional<std::string> baseline;
  std::optional<std::string> bless;  ///< why
  enum class Inconclusive { allowed, counts_as_failure } inconclusive{Inconclusive::allowed};
  enum class Plays { scenarios, mutations } plays{Plays::scenarios};
};

/// As the command line names it.
std::string_view form_name(ReportArguments::As form);

/// What to do, or the exit code where CLI11 has answered already (--help, --version, errors).
using Request = std::variant<RunArguments, CheckArguments, ValidateArguments, CompareArguments, BoundsArguments,
                             ExplainArguments, ReportArguments, FitArguments, BacktestArguments, TruthArguments,
                             ListArguments, DescribeArguments, InitArguments, SchemaArguments, ExitCode>;
Request parse_arguments(int count, const char* const* arguments);

}  // namespace parallax::cli
