// What the texts of a scenario that checking has passed say: no errors are left to report.
#pragma once

#include <algorithm>
#include <span>
#include <string>

#include "scenarios/units.h"

namespace parallax::scenarios {

inline sim::Duration duration(const std::string& text) { return *parse_duration(text).value; }
inline Rate rate(const std::string& text) { return *parse_rate(text).value; }

/// `words` stand in the order of the enumeration.
template <typename Word>
Word word(std::span<const std::string> words, const std::string& text) {
  return static_cast<Word>(std::find(words.begin(), words.end(), text) - words.begin());
}

}  // namespace parallax::scenarios
