#include "scenarios/scenario_text.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <system_error>

namespace parallax::scenarios {

// The head that Protobuf's text format has for this (its specification, "Header").
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
  std::error_code ignored;
  if (std::filesystem::is_directory(path, ignored)) return {{}, "found a folder; expected a scenario file"};
  errno = 0;
  std::ifstream stream(path, std::ios::binary);
  if (!stream) {
    return {{}, std::string("cannot be opened (") + std::strerror(errno) + "); expected a scenario file"};
  }
  // One byte more than allowed tells a file that is too large, even one without an end.
  std::string text(kFileBytesMax + 1, '\0');
  stream.read(text.data(), static_cast<std::streamsize>(text.size()));
  if (stream.bad()) return {{}, "cannot be read; expected a scenario file"};
  text.resize(static_cast<std::size_t>(stream.gcount()));
  if (text.size() > kFileBytesMax) return {{}, "the file is too large; expected at most 16 MiB"};
  return {std::move(text), {}};
}

}  // namespace parallax::scenarios
