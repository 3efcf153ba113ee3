// Where in a path something happens: the bytes that do not simply mean themselves, found eight at a time in ordinary
// 64-bit arithmetic. A loop over bytes leaves at every slash, and where the slashes are nothing predicts; this has no
// branch but one for every word.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>

namespace parallax::logic::routing {

/// Bit i: byte i of the eight at `bytes` is not ByteKind::kPlain.
inline std::uint64_t stops_in_word(const char* bytes) {
  constexpr std::uint64_t kEach = 0x0101'0101'0101'0101;
  constexpr std::uint64_t kLow7 = 0x7f * kEach;
  std::uint64_t word = 0;
  std::memcpy(&word, bytes, 8);
  if constexpr (std::endian::native == std::endian::big) word = __builtin_bswap64(word);
  const std::uint64_t low = word & kLow7;
  // In each, the high bit of a byte is set if the byte's lower seven bits are not `byte`; no carry leaves a byte.
  const auto is_not = [&](std::uint64_t byte) { return (low ^ byte * kEach) + kLow7; };
  const auto is_not_but_4 = [&](std::uint64_t byte) { return ((low | 4 * kEach) ^ byte * kEach) + kLow7; };
  const std::uint64_t above_space = low + (0x7f - 0x20) * kEach;
  const std::uint64_t plain = above_space & is_not('/') & is_not('%') & is_not('#') & is_not('\\') & is_not(0x7f) &
                              is_not_but_4('?');  // ";" is "?" without the 4
  const std::uint64_t stops = (~plain | word) & ~kLow7;
  return (stops >> 7) * 0x0102'0408'1020'4080 >> 56;  // gathers the eight bits
}

inline constexpr std::size_t kScanBlock = 64;

/// The same for the kScanBlock bytes at `bytes`; with SSE2, which every x86-64 has, sixteen at a time.
std::uint64_t stops_in_block(const char* bytes);

}  // namespace parallax::logic::routing
