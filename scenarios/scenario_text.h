// The text of a scenario file, if it is one that a person may have written.
#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <string_view>

namespace parallax::scenarios {

// Ours: a thousand times the largest scenario that a person would write, and little enough to read at once.
inline constexpr std::size_t kFileBytesMax = std::size_t{16} << 20;

struct ScenarioText {
  std::string text{};
  std::string error{};  ///< not empty: there is no text, for this reason
};

/// Whether the comments at the head of a text say that it is no scenario: "# proto-message: parallax.schema.Claims".
bool is_another_message(std::string_view text);

ScenarioText read_scenario_text(const std::filesystem::path& path);

}  // namespace parallax::scenarios
