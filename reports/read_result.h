// A result that `parallax run` has written is read again.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include "scenarios/schema/result.pb.h"

namespace parallax::reports {

/// Exactly one of them is filled.
struct ReadResult {
  std::optional<schema::Result> result{};
  std::string error{};  ///< "file:1:1: what was found, what was expected"
};

/// `path` is a result.json, or the folder that holds one. Whatever it is, there is an answer.
ReadResult read_result(const std::filesystem::path& path);

/// The same of its text; `file` is for the error.
ReadResult result_from_json(std::string_view file, std::string_view json);

/// What reports cannot be made of although it reads as a result: "found a run that ended before it began"; else empty.
std::string unsound(const schema::Result& result);

}  // namespace parallax::reports
