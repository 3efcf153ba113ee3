// Parts of a text, for tests of pages.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace parallax::reports::test {

inline bool contains(std::string_view text, std::string_view part) { return text.find(part) != std::string_view::npos; }

/// Places that do not overlap.
inline std::size_t count(std::string_view text, std::string_view part) {
  std::size_t found = 0;
  for (std::size_t at = text.find(part); at != std::string_view::npos; at = text.find(part, at + part.size())) ++found;
  return found;
}

}  // namespace parallax::reports::test
