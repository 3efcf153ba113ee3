#include "reports/read_result.h"

#include <fmt/format.h>
#include <google/protobuf/util/json_util.h>

#include <cerrno>
#include <cstring>
#include <fstream>
#include <system_error>

#include "reports/plain_text.h"
#include "reports/utf8.h"

namespace parallax::reports {
namespace {

constexpr std::string_view kSchema = "parallax.result/1";
constexpr std::string_view kExpected = "expected a result.json as parallax run writes it";

// Ours: some hundred times what thirty seeds of a large scenario take.
constexpr std::size_t kFileBytesMax = std::size_t{512} << 20;

ReadResult refusal(std::string_view file, std::string_view found) {
  return {std::nullopt, fmt::format("{}:1:1: {}, {}", safe(file), found, kExpected)};
}

// Protobuf shows the text around the place below its first line.
std::string first_line(std::string_view text) {
  constexpr std::size_t kShown = 120;
  const std::string line = safe(text.substr(0, text.find('\n')));
  return first_code_points(line.substr(0, line.find_last_not_of(". ") + 1), kShown);
}

google::protobuf::util::Status parse(std::string_view json, bool ignores_unknown_fields, schema::Result& result) {
  google::protobuf::util::JsonParseOptions options;
  options.ignore_unknown_fields = ignores_unknown_fields;
  return google::protobuf::util::JsonStringToMessage({json.data(), json.size()}, &result, options);
}

std::string wrong_schema(const schema::Result& result) {
  if (result.schema().empty()) return R"(found JSON without "schema")";
  return fmt::format("found the schema \"{}\" of version \"{}\"", first_code_points(safe(result.schema()), 40),
                     first_code_points(safe(result.version()), 40));
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

ReadResult result_from_json(std::string_view file, std::string_view json) {
  schema::Result result;
  const auto status = parse(json, false, result);
  if (!status.ok()) {
    // A field of a later version, or no result at all: what is known tells.
    schema::Result known;
    const auto lenient = parse(json, true, known);
    if (lenient.ok() && known.schema() != kSchema) return refusal(file, wrong_schema(known));
    return refusal(file, "cannot be read (" + first_line(status.message().ToString()) + ")");
  }
  if (result.schema() != kSchema) return refusal(file, wrong_schema(result));
  for (const schema::Run& run : result.runs()) {
    if (run.ended_ns() < 0) return refusal(file, "found a run that ended before it began");
  }
  for (const schema::Window& window : result.windows()) {
    if (is_sound(window)) continue;
    return refusal(file, fmt::format("found a window \"{}\" whose stages do not add up to its length",
                                     first_code_points(safe(window.id()), 40)));
  }
  return {std::move(result), {}};
}

ReadResult read_result(const std::filesystem::path& path) {
  std::error_code ignored;
  const std::filesystem::path file = std::filesystem::is_directory(path, ignored) ? path / "result.json" : path;
  errno = 0;
  std::ifstream stream(file, std::ios::binary);
  if (!stream) return refusal(file.string(), fmt::format("cannot be opened ({})", std::strerror(errno)));
  std::string text;
  std::string part(std::size_t{1} << 20, '\0');
  while (stream.read(part.data(), static_cast<std::streamsize>(part.size())) || stream.gcount() > 0) {
    text.append(part, 0, static_cast<std::size_t>(stream.gcount()));
    if (text.size() > kFileBytesMax) return refusal(file.string(), "found more than 512 MiB");
  }
  if (stream.bad()) return refusal(file.string(), "cannot be read");
  return result_from_json(file.string(), text);
}

}  // namespace parallax::reports
