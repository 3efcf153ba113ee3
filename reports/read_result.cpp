#include "reports/read_result.h"

#include <fmt/format.h>

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
