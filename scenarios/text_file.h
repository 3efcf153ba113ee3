// A file that people have written, read whole.
#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <string_view>
#include <variant>

#include "scenarios/problem.h"

namespace parallax::scenarios {

/// Ours: a thousand times the largest scenario that a person would write, and little enough to read at once.
inline constexpr std::size_t kFileBytesMax = std::size_t{16} << 20;

/// Its text, of at most one byte more than allowed; or why it cannot be read. `expected`: "a scenario file".
std::variant<std::string, Problem> read_text_file(const std::filesystem::path& path, std::string_view expected);

}  // namespace parallax::scenarios
