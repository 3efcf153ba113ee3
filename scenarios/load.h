// A scenario file becomes a checked configuration, or the list of everything that is wrong with it.
#pragma once

#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "scenarios/problem.h"
#include "scenarios/schema/result.pb.h"
#include "scenarios/schema/scenario.pb.h"
#include "scenarios/shelf.h"

namespace parallax::scenarios {

struct Loaded {
  schema::Scenario scenario;  ///< overrides applied, defaults filled in, checked
  std::vector<schema::Assumption> assumptions;
};

/// Exactly one of them is filled.
struct LoadOutcome {
  std::optional<Loaded> loaded{};
  std::vector<Problem> problems{};  ///< in the order of the file, then of those that it extends, then of the overrides
};

/// `overrides` are "path=value". A file that is missing, unreadable or over 16 MiB is a problem like any other. What it
/// extends is read too; overrides are of the whole.
LoadOutcome load_file(const std::filesystem::path& path, std::span<const std::string> overrides);

/// The same of a text that stands at `path` of a shelf, on which it may extend others.
LoadOutcome load_from(const Shelf& shelf, const std::filesystem::path& path, std::string_view text,
                      std::span<const std::string> overrides);

/// The same of a text that is in no file, and so extends none.
LoadOutcome load_text(std::string_view file_name, std::string_view text, std::span<const std::string> overrides);

/// The rest of it, of what parse_text() has read.
struct Draft;
LoadOutcome finish_loading(Draft draft, std::span<const std::string> overrides);

}  // namespace parallax::scenarios
