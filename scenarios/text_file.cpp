#include "scenarios/text_file.h"

#include <fmt/format.h>

#include <cerrno>
#include <cstring>
#include <fstream>
#include <system_error>

namespace parallax::scenarios {

std::variant<std::string, Problem> read_text_file(const std::filesystem::path& path, std::string_view expected) {
  const auto refusal = [&](const std::string& why) {
    return Problem{path.string(), 1, 1, fmt::format("{}; expected {}", why, expected)};
  };
  std::error_code ignored;
  if (std::filesystem::is_directory(path, ignored)) return refusal("found a folder");
  errno = 0;
  std::ifstream stream(path, std::ios::binary);
  if (!stream) return refusal(fmt::format("cannot be opened ({})", std::strerror(errno)));
  // One byte more than allowed tells a file that is too large, even one without an end.
  std::string text(kFileBytesMax + 1, '\0');
  stream.read(text.data(), static_cast<std::streamsize>(text.size()));
  if (stream.bad()) return refusal("cannot be read");
  text.resize(static_cast<std::size_t>(stream.gcount()));
  return text;
}

}  // namespace parallax::scenarios
