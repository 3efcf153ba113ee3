#include "scenarios/scenario_text.h"

#include <cerrno>
#include <cstring>
#include <fstream>
#include <system_error>

namespace parallax::scenarios {

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
