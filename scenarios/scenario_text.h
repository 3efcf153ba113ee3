// The text of a scenario file, if it is one that a person may have written.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "scenarios/text_file.h"

namespace parallax::scenarios {

struct ScenarioText {
  std::string text{};
  std::string error{};  ///< not empty: there is no text, for this reason
};

/// Whether the comments at the head of a text say that it is no scenario: "# proto-message: parallax.schema.Claims".
bool is_another_message(std::string_view text);

ScenarioText read_scenario_text(const std::filesystem::path& path);

}  // namespace parallax::scenarios
