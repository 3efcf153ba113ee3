#include "scenarios/scenario_text.h"

#include <algorithm>
#include <utility>
#include <variant>

namespace parallax::scenarios {

bool is_another_message(std::string_view text) {
  constexpr std::string_view kHeader = "# proto-message:";
  while (text.starts_with('#')) {
    std::string_view line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(line.size() + 1, text.size()));
    if (!line.starts_with(kHeader)) continue;
    line.remove_prefix(std::min(line.find_first_not_of(' ', kHeader.size()), line.size()));
    const std::string_view name = line.substr(0, line.find_last_not_of(" \r") + 1);
    return name != "parallax.schema.Scenario" && name != "Scenario";
  }
  return false;
}

ScenarioText read_scenario_text(const std::filesystem::path& path) {
  auto read = read_text_file(path, "a scenario file");
  if (const auto* problem = std::get_if<Problem>(&read)) return {{}, problem->message};
  auto& text = std::get<std::string>(read);
  if (text.size() > kFileBytesMax) return {{}, "the file is too large; expected at most 16 MiB"};
  return {std::move(text), {}};
}

}  // namespace parallax::scenarios
