// Words of a user's file in whatever case. Header only, because scenarios/data lies below the rest of scenarios.
#pragma once

#include <string>
#include <string_view>

namespace parallax::scenarios {

/// A to Z alone, whatever the locale: other bytes stay as they are.
inline std::string lower(std::string_view text) {
  std::string out(text);
  for (char& c : out) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return out;
}

}  // namespace parallax::scenarios
