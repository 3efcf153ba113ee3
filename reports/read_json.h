// Messages of ours that were written as JSON (json.h) are read again. Whatever is in a file, there is an answer.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

namespace google::protobuf {
class Message;
}

namespace parallax::reports {

/// Exactly one of them is filled.
struct FileText {
  std::optional<std::string> text{};
  std::string problem{};  ///< "cannot be opened (No such file or directory)"
};

/// Of at most 512 MiB.
FileText text_of(const std::filesystem::path& file);

/// Fills a message that has fields `schema` and `version`. Returns what is wrong, or nothing: it is of another schema,
/// or has fields that this one lacks.
std::string read_json(std::string_view json, std::string_view schema, google::protobuf::Message& message);

/// "file:1:1: what was found, what was expected".
std::string refusal_of(std::string_view file, std::string_view found, std::string_view expected);

}  // namespace parallax::reports
