// The library that the binary carries: scenarios by name, without a file.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "scenarios/load.h"

namespace parallax::scenarios {

struct LibraryEntry {
  std::string name;       ///< path in scenarios/library without its ending: "clocks/gateway_ahead"
  std::string_view text;  ///< with its comments
};

/// By name, those of the library's own folder first. Files that say they are something else are left out.
std::vector<LibraryEntry> library();

/// By its whole name, or by the last part of it where no other has the same.
std::optional<LibraryEntry> find_in_library(std::string_view name);

/// `; did you mean "x"? (scenarios: ...)`
std::string suggestion_from_library(std::string_view name);

/// Others of the library that it extends are read too.
LoadOutcome load(const LibraryEntry& entry, std::span<const std::string> overrides);

}  // namespace parallax::scenarios
