#include "cli/report_command.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <map>

#include "cli/output_files.h"
#include "cli/standard_output.h"
#include "reports/csv.h"
#include "reports/drill_card.h"
#include "reports/files.h"
#include "reports/html.h"
#include "reports/open_metrics.h"
#include "reports/read_result.h"

namespace parallax::cli {
namespace {

namespace fs = std::filesystem;

struct Source {
  std::string file;
  fs::path folder;  ///< where its reports go
  schema::Result result;
};

// Beside the result, unless another folder is asked for; several results then have a folder each.
fs::path folder_of(const ReportArguments& arguments, const std::string& file, const schema::Result& result) {
  if (arguments.out) {
    return arguments.results.size() == 1 ? fs::path(*arguments.out) : fs::path(*arguments.out) / result.scenario();
  }
  return fs::is_directory(file) ? fs::path(file) : fs::path(file).parent_path();
}

// All of them are read before anything is written.
std::optional<std::vector<Source>> read_all(const ReportArguments& arguments) {
  std::vector<Source> sources;
  std::map<fs::path, std::string> taken;
  bool is_good = true;
  for (const std::string& file : arguments.results) {
    reports::ReadResult read = reports::read_result(file);
    if (!read.result) {
      std::fprintf(stderr, "%s\n", read.error.c_str());
      is_good = false;
      continue;
    }
    const fs::path folder = folder_of(arguments, file, *read.result);
    const auto [first, is_new] = taken.emplace(folder, file);
    if (!is_new) {
      std::fprintf(stderr, "%s:1:1: found the folder of %s again, expected one for each result\n", file.c_str(),
                   first->second.c_str());
      is_good = false;
    }
    const std::string no_card = arguments.drill_card ? reports::no_drill_card(*read.result) : "";
    if (!no_card.empty()) {
      std::fprintf(stderr, "%s:1:1: %s\n", file.c_str(), no_card.c_str());
      is_good = false;
    }
    sources.push_back({file, folder, std::move(*read.result)});
  }
  return is_good ? std::optional{std::move(sources)} : std::nullopt;
}

void write(const Source& source, const std::string& name, const std::string& content) {
  const fs::path path = source.folder / name;
  reports::write_atomically(path, content);
  write_standard_output("report: " + path.string() + "\n");
}

void write_as(const Source& source, ReportArguments::As as) {
  const schema::Result& result = source.result;
  switch (as) {
    case ReportArguments::As::html:
      return write(source, "report.html", reports::run_page(result));
    case ReportArguments::As::csv:
      write(source, "metrics.csv", reports::metrics_csv(result));
      write(source, "windows.csv", reports::windows_csv(result));
      write(source, "stages.csv", reports::stages_csv(result));
      write(source, "window_classes.csv", reports::window_classes_csv(result));
      return write(source, "series.csv", reports::series_csv(result));
    case ReportArguments::As::openmetrics:
      return write(source, "metrics.txt", reports::open_metrics(result));
  }
}

}  // namespace

ExitCode report(const ReportArguments& arguments) {
  const auto sources = read_all(arguments);
  if (!sources) return ExitCode::usage;
  for (const Source& source : *sources) {
    prepare_folder(source.folder);
    for (const ReportArguments::As as : arguments.as) write_as(source, as);
    if (!arguments.drill_card) continue;
    write(source, "drill-card.html", reports::drill_card_page(source.result));
    write(source, "drill-card.md", reports::drill_card_markdown(source.result));
  }
  return ExitCode::pass;
}

}  // namespace parallax::cli
