#include "cli/report_command.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <map>
#include <optional>
#include <utility>
#include <variant>
#include <vector>

#include "cli/output_files.h"
#include "cli/standard_output.h"
#include "reports/comparison/compare_page.h"
#include "reports/comparison/compare_text.h"
#include "reports/csv.h"
#include "reports/drill/drill_card.h"
#include "reports/files.h"
#include "reports/open_metrics.h"
#include "reports/read_reported.h"
#include "reports/run/run_page.h"
#include "reports/run/run_text.h"
#include "reports/suite/junit.h"
#include "reports/suite/suite_markdown.h"
#include "reports/suite/suite_page.h"
#include "reports/suite/suite_text.h"
#include "scenarios/suite/suite_result.h"

namespace parallax::cli {
namespace {

namespace fs = std::filesystem;
using As = ReportArguments::As;

/// What a form of report consists of: files by their names, or text for the terminal.
struct Part {
  std::string name;  ///< empty: text
  std::string content;
};
using Parts = std::vector<Part>;

Parts parts_of(const schema::Result& result, As as) {
  switch (as) {
    case As::html:
      return {{"report.html", reports::run_page(result)}};
    case As::text:
      return {{"", reports::summary(result)}};
    case As::csv:
      return {{"metrics.csv", reports::metrics_csv(result)},
              {"windows.csv", reports::windows_csv(result)},
              {"stages.csv", reports::stages_csv(result)},
              {"window_classes.csv", reports::window_classes_csv(result)},
              {"series.csv", reports::series_csv(result)}};
    case As::openmetrics:
      return {{"metrics.txt", reports::open_metrics(result)}};
    case As::markdown:
    case As::junit:
      break;
  }
  return {};
}

Parts parts_of(const schema::Comparison& comparison, As as) {
  if (as == As::html) return {{"compare.html", reports::compare_page(comparison)}};
  return {{"", reports::compare_text(comparison)}};
}

Parts parts_of(const schema::SuiteResult& message, As as) {
  const scenarios::suite::Suite suite = scenarios::suite::suite_of(message);
  if (as == As::html) return {{"suite.html", reports::suite_page(suite)}};
  if (as == As::markdown) return {{"summary.md", reports::suite_markdown(suite)}};
  if (as == As::junit) return {{"junit.xml", reports::junit(suite)}};
  return {{"", reports::suite_text(suite)}};
}

Parts drill_card(const schema::Result& result) {
  return {{"drill-card.html", reports::drill_card_page(result)},
          {"drill-card.md", reports::drill_card_markdown(result)}};
}

/// Nothing if there is one.
std::string why_no_card(const reports::Reported& what) {
  const auto* result = std::get_if<schema::Result>(&what);
  return result == nullptr ? "found a comparison or a suite, expected the result of a run: it alone has a drill card"
                           : reports::no_drill_card(*result);
}

/// What can be reported, and the forms that parts_of() has for it.
struct Kind {
  std::string_view words;
  std::vector<As> forms;
};

Kind kind_of(const reports::Reported& what) {
  if (std::holds_alternative<schema::Comparison>(what)) return {"a comparison", {As::html, As::text}};
  if (std::holds_alternative<schema::SuiteResult>(what)) {
    return {"a suite", {As::html, As::text, As::markdown, As::junit}};
  }
  return {"the result of a run", {As::html, As::text, As::csv, As::openmetrics}};
}

struct Source {
  std::string file;
  fs::path folder;  ///< where its reports go
  reports::Reported what;
};

std::string name_of(const reports::Reported& what) {
  if (std::holds_alternative<schema::Comparison>(what)) return "compare";
  const auto* result = std::get_if<schema::Result>(&what);
  return result == nullptr ? "suite" : result->scenario();
}

// Beside what it is made of, unless another folder is asked for; several then have a folder each.
fs::path folder_of(const ReportArguments& arguments, const std::string& file, const reports::Reported& what) {
  if (arguments.out) {
    return arguments.results.size() == 1 ? fs::path(*arguments.out) : fs::path(*arguments.out) / name_of(what);
  }
  return fs::is_directory(file) ? fs::path(file) : fs::path(file).parent_path();
}

// All of them are read before anything is written.
std::optional<std::vector<Source>> read_all(const ReportArguments& arguments) {
  std::vector<Source> sources;
  std::map<fs::path, std::string> taken;
  bool is_good = true;
  for (const std::string& file : arguments.results) {
    reports::ReadReported read = reports::read_reported(file);
    if (!read.reported) {
      std::fprintf(stderr, "%s\n", read.error.c_str());
      is_good = false;
      continue;
    }
    const fs::path folder = folder_of(arguments, file, *read.reported);
    const auto [first, is_new] = taken.emplace(folder, file);
    if (!is_new) {
      std::fprintf(stderr, "%s:1:1: found the folder of %s again, expected one for each result\n", file.c_str(),
                   first->second.c_str());
      is_good = false;
    }
    if (const std::string no_card = arguments.drill_card ? why_no_card(*read.reported) : ""; !no_card.empty()) {
      std::fprintf(stderr, "%s:1:1: %s\n", file.c_str(), no_card.c_str());
      is_good = false;
    }
    sources.push_back({file, folder, std::move(*read.reported)});
  }
  return is_good ? std::optional{std::move(sources)} : std::nullopt;
}

// What has not all the forms that are asked for is on stderr then.
bool have_forms(const ReportArguments& arguments, const std::vector<Source>& sources) {
  bool have = true;
  for (const Source& source : sources) {
    const Kind kind = kind_of(source.what);
    std::vector<std::string_view> names;
    for (const As form : kind.forms) names.push_back(form_name(form));
    for (const As as : arguments.as) {
      if (std::find(kind.forms.begin(), kind.forms.end(), as) != kind.forms.end()) continue;
      std::fputs(fmt::format("{}:1:1: found {} and --as {}, expected one of {}\n", source.file, kind.words,
                             form_name(as), fmt::join(names, ", "))
                     .c_str(),
                 stderr);
      have = false;
    }
  }
  return have;
}

void write(const fs::path& folder, const Part& part) {
  if (part.name.empty()) return write_standard_output(part.content);
  prepare_folder(folder);
  reports::write_atomically(folder / part.name, part.content);
  write_standard_output("report: " + (folder / part.name).string() + "\n");
}

}  // namespace

ExitCode report(const ReportArguments& arguments) {
  const auto sources = read_all(arguments);
  if (!sources || !have_forms(arguments, *sources)) return ExitCode::usage;
  for (const Source& source : *sources) {
    for (const As as : arguments.as) {
      const Parts parts = std::visit([as](const auto& what) { return parts_of(what, as); }, source.what);
      for (const Part& part : parts) write(source.folder, part);
    }
    if (!arguments.drill_card) continue;
    for (const Part& part : drill_card(std::get<schema::Result>(source.what))) write(source.folder, part);
  }
  return ExitCode::pass;
}

}  // namespace parallax::cli
