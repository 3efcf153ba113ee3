// The command line, parsed: what the user asked for, checked as far as it can be without reading a file.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "cli/authoring_arguments.h"
#include "cli/exit_code.h"
#include "scenarios/journal_text.h"
#include "scenarios/run.h"

namespace parallax::cli {

struct ValidateArguments {
  std::vector<std::string> files;
  std::vector<std::string> overrides;  ///< "path=value"
};

struct RunArguments {
  std::vector<std::string> files;
  std::vector<std::string> overrides;  ///< "path=value"
  std::optional<std::string> with{};   ///< file of a trial that takes the place of the files' own
  std::optional<std::uint64_t> seed;   ///< this one alone
  std::optional<std::uint32_t> seeds;  ///< 1 to this; where neither is given the scenario says
  unsigned jobs{1};                    ///< 0: one for each core
  unsigned threads{1};                 ///< 0: one for each core
  scenarios::RunLimits limits;
  std::optional<std::string> out;
  enum class Output { files, json } output{Output::files};
  enum class History { none, first_seed } history{History::none};
  enum class Fragility { none, of_defaults } fragility{Fragility::none};
  enum class Trace { none, first_seed } trace{Trace::none};
  std::optional<scenarios::JournalStretch> journal;  ///< to print, in place of all else
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

struct BacktestArguments {
  RunArguments run;      ///< of one scenario
  std::string observed;  ///< the drill's file
  std::optional<std::string> start;
  std::int64_t bucket_s{5};
};

struct FitArguments {
  std::string file;
  std::string as;  ///< delay, lag or window
  std::optional<std::string> column;
  std::optional<std::string> unit;
  bool round_trip{false};
  bool json{false};
  std::optional<std::string> out;
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
struct TruthArguments {
  std::optional<std::string> mapping;  ///< absent: the one that the binary carries
  std::string only;                    ///< rows whose group, setting or quantity holds this text; empty: all
  std::vector<std::string> overrides;  ///< "path=value", on top of the mapping's own
  unsigned jobs{0};                    ///< 0: one for each core
  std::optional<std::string> out;
  enum class Output { files, json } output{Output::files};
};

/// "quick", "standard", "deep" or a count from 1 to 100,000.
std::optional<std::uint32_t> seed_count(std::string_view text);

/// What to do, or the exit code where CLI11 has answered already (--help, --version, errors).
using Request = std::variant<RunArguments, CheckArguments, ValidateArguments, CompareArguments, BoundsArguments,
                             ExplainArguments, ReportArguments, FitArguments, BacktestArguments, TruthArguments,
                             ListArguments, DescribeArguments, InitArguments, SchemaArguments, ExitCode>;
Request parse_arguments(int count, const char* const* arguments);

}  // namespace parallax::cli
