// Ids of windows as people type them: "seed/site/index".
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace parallax::cli {

struct WindowId {
  std::uint64_t seed;
  std::string_view site;  ///< of the text that it was read from
  std::uint64_t index;
};

/// Nothing if it is no id.
std::optional<WindowId> window_id(std::string_view text);

/// Of the ids (each once) at most `count`, those that the text was probably meant to be first: of the same seed and
/// site the next in number, else the nearest in spelling.
std::vector<std::string> nearest_ids(std::string_view text, std::vector<std::string> ids, std::size_t count);

}  // namespace parallax::cli
