#include "scenarios/scenario_text.h"

#include <utility>
#include <variant>

namespace parallax::scenarios {

ScenarioText read_scenario_text(const std::filesystem::path& path) {
  auto read = read_text_file(path, "a scenario file");
  if (const auto* problem = std::get_if<Problem>(&read)) return {{}, problem->message};
  auto& text = std::get<std::string>(read);
  if (text.size() > kFileBytesMax) return {{}, "the file is too large; expected at most 16 MiB"};
  return {std::move(text), {}};
}

}  // namespace parallax::scenarios
