#include "reports/read_reported.h"

#include <fmt/format.h>
#include <google/protobuf/util/json_util.h>

#include <algorithm>
#include <array>
#include <system_error>

#include "reports/read_json.h"
#include "reports/read_result.h"
#include "scenarios/suite/suite_result.h"

namespace parallax::reports {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kComparisonSchema = "parallax.comparison/1";
constexpr std::string_view kComparisonExpected = "expected a comparison.json as parallax compare writes it";
constexpr std::string_view kSuiteExpected = "expected a suite.json as parallax check writes it";

// Pages look designs up by their places.
std::string unsound_comparison(const schema::Comparison& comparison) {
  const int designs = comparison.designs_size();
  if (designs == 0 || comparison.baseline() >= static_cast<std::uint32_t>(designs)) return "found no baseline";
  for (const schema::Result& design : comparison.designs()) {
    if (std::string found = unsound(design); !found.empty()) return found;
  }
  const auto is_complete = [&](const schema::ComparedMetric& metric) {
    return metric.values_size() == designs && metric.differences_size() == designs &&
           std::all_of(metric.best().begin(), metric.best().end(),
                       [&](std::uint32_t place) { return place < static_cast<std::uint32_t>(designs); });
  };
  const auto& metrics = comparison.metrics();
  return std::all_of(metrics.begin(), metrics.end(), is_complete) ? "" : "found a metric that not all designs have";
}

ReadReported comparison_from_json(std::string_view file, std::string_view json) {
  schema::Comparison comparison;
  std::string found = read_json(json, kComparisonSchema, comparison);
  if (found.empty()) found = unsound_comparison(comparison);
  if (!found.empty()) return {std::nullopt, refusal_of(file, found, kComparisonExpected)};
  return {std::move(comparison), {}};
}

ReadReported suite_from_json(std::string_view file, std::string_view json) {
  schema::SuiteResult suite;
  const std::string found = read_json(json, scenarios::suite::kResultSchema, suite);
  if (!found.empty()) return {std::nullopt, refusal_of(file, found, kSuiteExpected)};
  return {std::move(suite), {}};
}

// All of them have it, in a field of this name.
std::string schema_of(std::string_view json) {
  google::protobuf::util::JsonParseOptions options;
  options.ignore_unknown_fields = true;
  schema::SuiteResult known;
  const auto status = google::protobuf::util::JsonStringToMessage({json.data(), json.size()}, &known, options);
  return status.ok() ? known.schema() : "";
}

}  // namespace

ReadReported reported_from_json(std::string_view file, std::string_view json) {
  const std::string schema = schema_of(json);
  if (schema.starts_with("parallax.comparison/")) return comparison_from_json(file, json);
  if (schema.starts_with("parallax.suite/")) return suite_from_json(file, json);
  ReadResult read = result_from_json(file, json);
  if (!read.result) return {std::nullopt, std::move(read.error)};
  return {std::move(*read.result), {}};
}

ReadReported read_reported(const fs::path& path) {
  std::error_code ignored;
  fs::path file = path;
  if (fs::is_directory(path, ignored)) {
    constexpr std::array kNames{"result.json", "comparison.json", "suite.json"};
    const auto* const name = std::find_if(kNames.begin(), kNames.end(), [&](const char* one) {
      std::error_code absent;
      return fs::exists(path / one, absent);
    });
    file = path / (name == kNames.end() ? kNames.front() : *name);
  }
  const FileText read = text_of(file);
  if (read.text) return reported_from_json(file.string(), *read.text);
  return {std::nullopt, refusal_of(file.string(), read.problem,
                                   "expected a result.json, comparison.json or suite.json as parallax writes them")};
}

}  // namespace parallax::reports
