// Text from outside may be any bytes; what we write is always well-formed UTF-8 (RFC 3629).
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace parallax::reports {

/// `text` with U+FFFD in place of each byte that belongs to no well-formed sequence.
std::string well_formed(std::string_view text);

/// The same with `instead` in place of what is no text: control characters (C0, C1, DEL), non-characters, and those
/// that turn the direction of what follows them (Unicode's annex 9, section 2), so that no name can move or hide
/// another.
std::string without_controls(std::string_view text, std::string_view instead);

/// The same with U+FFFD, and a space for each line break and tab.
std::string one_line(std::string_view text);

/// Code points of well-formed text: the columns it takes on a terminal, wide and combining characters aside.
std::size_t code_points(std::string_view text);

/// The beginning of well-formed text, at most `count` code points of it.
std::string first_code_points(std::string_view text, std::size_t count);

}  // namespace parallax::reports
