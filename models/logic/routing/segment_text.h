// What a path segment says. A gateway decides by the path and a back end acts on it, so a segment that the two could
// read differently is a way around the decision: such segments are refused, and what is left has one reading.
//
// Refused, plain or percent-encoded: slash and backslash, ";" (path parameters, which some servers cut off and some
// do not), control characters, NUL and space, "." and ".."; a "%" that no two hexadecimal digits follow; text that
// decodes to something still encoded ("%252e"); bytes that are not UTF-8 (an overlong "/" among them). An encoded space
// is text. All else is decoded once, so "%61dmin", "admin" and "%61%64min" are one segment (RFC 3986 section 6.2.2.2).
// Letters keep their case. The list is that of Spring Security's StrictHttpFirewall, but for "%25", which may stand for
// a percent sign, and "%2e", which is a dot like any other.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace parallax::logic::routing {

enum class ByteKind : std::uint8_t {
  kPlain,    ///< means itself
  kEncoded,  ///< a percent sign or a byte of a multi-byte character: the segment has to be decoded and checked
  kSlash,    //
  kEnd,      ///< the query or the fragment begins
  kRefused,
};

inline constexpr auto kByteKinds = [] {
  std::array<ByteKind, 256> kinds{};
  for (std::size_t byte = 0; byte <= 0x20; ++byte) kinds[byte] = ByteKind::kRefused;
  for (std::size_t byte = 0x80; byte <= 0xff; ++byte) kinds[byte] = ByteKind::kEncoded;
  kinds['\\'] = kinds[';'] = kinds['\x7f'] = ByteKind::kRefused;
  kinds['?'] = kinds['#'] = ByteKind::kEnd;
  kinds['%'] = ByteKind::kEncoded;
  kinds['/'] = ByteKind::kSlash;
  return kinds;
}();

constexpr ByteKind kind_of(char byte) { return kByteKinds[static_cast<unsigned char>(byte)]; }

/// "." or "..", which mean a place and not a name (RFC 3986 section 3.3). Requires: not empty.
constexpr bool is_dot_segment(std::string_view text) {
  return text.size() <= 2 && text.front() == '.' && text.back() == '.';
}

/// The one reading of `raw`, or nothing if it is refused or empty. `buffer` has room for raw.size() bytes; the text
/// points into it.
std::optional<std::string_view> decode_segment(std::string_view raw, char* buffer);

}  // namespace parallax::logic::routing
