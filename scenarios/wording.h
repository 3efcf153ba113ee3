// How messages quote what was found and propose what was probably meant.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace parallax::scenarios {

/// In double quotes, on one line, printable: control characters and invalid UTF-8 as \xNN, long text cut with "...".
std::string quoted(std::string_view text);

// Else a string would find std::quoted, a better match, wherever <iomanip> or <filesystem> has been included.
inline std::string quoted(const std::string& text) { return quoted(std::string_view{text}); }
inline std::string quoted(const char* text) { return quoted(std::string_view{text}); }

/// The same without quotes, of any length.
std::string on_one_line(std::string_view text);

/// "a, b, c"; the first sixteen, then how many more there are.
std::string listing(std::span<const std::string> words);

/// Insertions, deletions, replacements and swaps of neighbours that turn one word into the other.
std::size_t edit_distance(std::string_view a, std::string_view b);

/// The candidate that `word` was probably meant to be: the first of the nearest, else the first that begins with it;
/// empty if none is near.
std::string nearest_word(std::string_view word, std::span<const std::string> candidates);

/// `; did you mean "x"? (names: a, x)`, without the question if no candidate is near, and empty without candidates.
std::string suggestion(std::string_view word, std::string_view kind, std::span<const std::string> candidates);

/// Offset of the first byte that starts no valid UTF-8 sequence (shortest form, no surrogates), or npos.
std::size_t find_invalid_utf8(std::string_view text);

}  // namespace parallax::scenarios
