#include "reports/read_json.h"

#include <fmt/format.h>
#include <google/protobuf/descriptor.h>
#include <google/protobuf/util/json_util.h>

#include <cerrno>
#include <cstring>
#include <fstream>
#include <memory>

#include "reports/plain_text.h"
#include "reports/utf8.h"

namespace parallax::reports {
namespace {

using google::protobuf::Message;

// Ours: some hundred times what thirty seeds of a large scenario take.
constexpr std::size_t kFileBytesMax = std::size_t{512} << 20;

// Protobuf shows the text around the place below its first line.
std::string first_line(std::string_view text) {
  constexpr std::size_t kShown = 120;
  const std::string line = safe(text.substr(0, text.find('\n')));
  return first_code_points(line.substr(0, line.find_last_not_of(". ") + 1), kShown);
}

google::protobuf::util::Status parse(std::string_view json, bool ignores_unknown_fields, Message& message) {
  google::protobuf::util::JsonParseOptions options;
  options.ignore_unknown_fields = ignores_unknown_fields;
  return google::protobuf::util::JsonStringToMessage({json.data(), json.size()}, &message, options);
}

std::string text_field(const Message& message, const char* name) {
  return message.GetReflection()->GetString(message, message.GetDescriptor()->FindFieldByName(name));
}

std::string wrong_schema(const Message& message) {
  const std::string schema = text_field(message, "schema");
  if (schema.empty()) return R"(found JSON without "schema")";
  return fmt::format("found the schema \"{}\" of version \"{}\"", first_code_points(safe(schema), 40),
                     first_code_points(safe(text_field(message, "version")), 40));
}

}  // namespace

FileText text_of(const std::filesystem::path& file) {
  errno = 0;
  std::ifstream stream(file, std::ios::binary);
  if (!stream) return {std::nullopt, fmt::format("cannot be opened ({})", std::strerror(errno))};
  std::string text;
  std::string part(std::size_t{1} << 20, '\0');
  while (stream.read(part.data(), static_cast<std::streamsize>(part.size())) || stream.gcount() > 0) {
    text.append(part, 0, static_cast<std::size_t>(stream.gcount()));
    if (text.size() > kFileBytesMax) return {std::nullopt, "found more than 512 MiB"};
  }
  if (stream.bad()) return {std::nullopt, "cannot be read"};
  return {std::move(text), {}};
}

std::string read_json(std::string_view json, std::string_view schema, Message& message) {
  const auto status = parse(json, false, message);
  if (status.ok()) return text_field(message, "schema") == schema ? "" : wrong_schema(message);
  // A field of a later version, or nothing of ours at all: what is known tells.
  const std::unique_ptr<Message> known{message.New()};
  if (parse(json, true, *known).ok() && text_field(*known, "schema") != schema) return wrong_schema(*known);
  return "cannot be read (" + first_line(status.message().ToString()) + ")";
}

std::string refusal_of(std::string_view file, std::string_view found, std::string_view expected) {
  return fmt::format("{}:1:1: {}, {}", safe(file), found, expected);
}

}  // namespace parallax::reports
