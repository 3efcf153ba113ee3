// Whatever reports are made of is read again: the result of a run, a comparison, or a suite.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "scenarios/schema/comparison.pb.h"
#include "scenarios/schema/result.pb.h"
#include "scenarios/schema/suite.pb.h"

namespace parallax::reports {

using Reported = std::variant<schema::Result, schema::Comparison, schema::SuiteResult>;

/// Exactly one of them is filled.
struct ReadReported {
  std::optional<Reported> reported{};
  std::string error{};  ///< "file:1:1: what was found, what was expected"
};

/// `path` is a result.json, comparison.json or suite.json, or a folder: the first of these that it holds.
ReadReported read_reported(const std::filesystem::path& path);

/// The same of its text, which says by its schema what it is; `file` is for the error.
ReadReported reported_from_json(std::string_view file, std::string_view json);

}  // namespace parallax::reports
