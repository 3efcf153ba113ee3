#include "reports/suite/baseline_file.h"

#include <fmt/format.h>
#include <google/protobuf/util/json_util.h>

#include <cerrno>
#include <cstring>
#include <fstream>
#include <system_error>

#include "reports/json.h"
#include "reports/plain_text.h"
#include "reports/utf8.h"
#include "scenarios/suite/record.h"

namespace parallax::reports {
namespace {

constexpr std::size_t kBaselineBytesMax = std::size_t{512} << 20;  // as of results
constexpr std::size_t kErrorsMost = 20;
constexpr std::string_view kExpectedLine = "expected a line as parallax check --bless writes it";

ReadBaseline cannot_be_read(const std::filesystem::path& path, std::string_view why) {
  return {std::nullopt,
          {fmt::format("{}:1:1: {}, expected a history as parallax check --bless REASON writes it", safe(path.string()),
                       why)}};
}

// What is wrong with a line, or nothing.
std::string add_line(std::string_view line, std::vector<schema::SuiteRecord>& records) {
  schema::SuiteRecord record;
  const auto status = google::protobuf::util::JsonStringToMessage({line.data(), line.size()}, &record);
  if (!status.ok()) {
    const std::string message = safe(status.message().ToString());
    return fmt::format("cannot be read ({})", first_code_points(message, 120));
  }
  if (record.schema() != scenarios::suite::kRecordSchema) {
    return fmt::format("found the schema \"{}\"", first_code_points(safe(record.schema()), 40));
  }
  if (record.scenario().empty()) return "found no scenario's name";
  records.push_back(std::move(record));
  return {};
}

}  // namespace

ReadBaseline baseline_from_lines(std::string_view file, std::string_view text) {
  std::vector<schema::SuiteRecord> records;
  std::vector<std::string> errors;
  for (std::size_t number = 1; !text.empty() && errors.size() < kErrorsMost; ++number) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    const std::string_view line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    if (line.find_first_not_of(" \t\r") == std::string_view::npos) continue;
    const std::string wrong = add_line(line, records);
    if (!wrong.empty()) errors.push_back(fmt::format("{}:{}:1: {}, {}", safe(file), number, wrong, kExpectedLine));
  }
  if (!errors.empty()) return {std::nullopt, std::move(errors)};
  return {scenarios::suite::Baseline{std::move(records)}, {}};
}

ReadBaseline read_baseline(const std::filesystem::path& path, Presence presence) {
  std::error_code problem;
  if (presence == Presence::kOptional && !std::filesystem::exists(path, problem) && !problem) {
    return {scenarios::suite::Baseline{}, {}};
  }
  if (std::filesystem::is_directory(path, problem)) return cannot_be_read(path, "found a folder");
  errno = 0;
  std::ifstream stream(path, std::ios::binary);
  if (!stream) return cannot_be_read(path, fmt::format("cannot be opened ({})", std::strerror(errno)));
  std::string text{std::istreambuf_iterator<char>(stream), {}};
  if (stream.bad()) return cannot_be_read(path, "cannot be read");
  if (text.size() > kBaselineBytesMax) return cannot_be_read(path, "the file is larger than 512 MiB");
  return baseline_from_lines(path.string(), text);
}

std::string baseline_lines(const scenarios::suite::Baseline& baseline) {
  std::string out;
  for (const schema::SuiteRecord& record : baseline.records()) out += to_json_line(record) + "\n";
  return out;
}

}  // namespace parallax::reports
