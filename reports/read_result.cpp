#include "reports/read_result.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <system_error>

#include "reports/plain_text.h"
#include "reports/read_json.h"
#include "reports/utf8.h"

namespace parallax::reports {
namespace {

constexpr std::string_view kSchema = "parallax.result/1";
constexpr std::string_view kExpected = "expected a result.json as parallax run writes it";

ReadResult refusal(std::string_view file, std::string_view found) {
  return {std::nullopt, refusal_of(file, found, kExpected)};
}

bool is_sound(const schema::Window& window) {
  std::int64_t left = window.length_ns();
  if (left < 0 || window.start_ns() < 0 || window.start_ns() > INT64_MAX - left) return false;
  for (const schema::Stage& stage : window.stages()) {
    if (stage.length_ns() < 0 || stage.length_ns() > left) return false;
    left -= stage.length_ns();
  }
  return left == 0 || window.stages_size() == 0;
}

/// A share, or -1 where there is none; no other number, and not the NaN that JSON may have.
bool are_shares(const google::protobuf::RepeatedField<double>& values) {
  return std::all_of(values.begin(), values.end(), [](double value) { return value >= -1 && value <= 1; });
}

bool is_sound(const schema::Reading& reading) {
  const std::int64_t steps = reading.high_size();
  return reading.low_size() == steps && reading.typical_size() == steps && are_shares(reading.low()) &&
         are_shares(reading.typical()) && are_shares(reading.high()) && reading.step_ns() > 0 &&
         reading.step_ns() <= INT64_MAX / (steps + 2);
}

}  // namespace

std::string unsound(const schema::Result& result) {
  for (const schema::Run& run : result.runs()) {
    if (run.ended_ns() < 0) return "found a run that ended before it began";
  }
  for (const schema::Window& window : result.windows()) {
    if (is_sound(window)) continue;
    return fmt::format("found a window \"{}\" whose stages do not add up to its length",
                       first_code_points(safe(window.id()), 40));
  }
  for (const schema::Reading& reading : result.readings()) {
    if (is_sound(reading)) continue;
    return fmt::format(
        "found a reading \"{}\" of \"{}\" without a step, or whose low, typical and high are not as many "
        "shares",
        first_code_points(safe(reading.name()), 40), first_code_points(safe(reading.of()), 40));
  }
  return {};
}

ReadResult result_from_json(std::string_view file, std::string_view json) {
  schema::Result result;
  if (const std::string found = read_json(json, kSchema, result); !found.empty()) return refusal(file, found);
  if (const std::string found = unsound(result); !found.empty()) return refusal(file, found);
  return {std::move(result), {}};
}

ReadResult read_result(const std::filesystem::path& path) {
  std::error_code ignored;
  const std::filesystem::path file = std::filesystem::is_directory(path, ignored) ? path / "result.json" : path;
  const FileText read = text_of(file);
  return read.text ? result_from_json(file.string(), *read.text) : refusal(file.string(), read.problem);
}

}  // namespace parallax::reports
