// One segment of a path, in the form in which it is compared: its length and first fifteen bytes as two numbers, so
// that most comparisons are two of integers, and the hash under which the tables know it. It is hashed once, however
// many templates it is tried against.
#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace parallax::logic::routing {

/// Never empty, without a NUL, of one reading (segment_text.h). Points into what it was made of.
struct Segment {
  static constexpr std::size_t kHeadBytes = 15;
  /// How many bytes behind a text padded() may read, whatever they are.
  static constexpr std::size_t kPadding = 16;

  std::uint64_t first;   ///< bytes 0 to 7, zeros behind the end; the order is that of the machine
  std::uint64_t second;  ///< bytes 8 to 14, and the length, 255 for what is longer
  const char* data;
  std::uint32_t size;
  std::uint32_t hash;

  /// Requires: kPadding readable bytes behind the text.
  static Segment padded(std::string_view text) { return make(text, load_padded); }
  static Segment of(std::string_view text) { return make(text, load); }

  std::string_view text() const { return {data, size}; }

 private:
  static constexpr int kLastByteShift = std::endian::native == std::endian::little ? 56 : 0;

  /// The eight bytes from `at` on, zeros behind the text.
  static std::uint64_t load(std::string_view text, std::size_t at) {
    std::uint64_t word = 0;
    if (at < text.size()) std::memcpy(&word, text.data() + at, std::min<std::size_t>(text.size() - at, 8));
    return word;
  }

  /// The first n bytes of a word as they stand in memory.
  static constexpr std::array<std::uint64_t, 9> kFirstBytes = [] {
    std::array<std::uint64_t, 9> masks{};
    for (std::size_t n = 0; n <= 8; ++n) {
      std::array<std::uint8_t, 8> bytes{};
      std::fill_n(bytes.begin(), n, std::uint8_t{0xff});
      masks[n] = std::bit_cast<std::uint64_t>(bytes);
    }
    return masks;
  }();
  /// The same, without a branch on the length, which in a stream of requests nothing predicts. Requires: at <= 8, or
  /// a text that is longer than `at`.
  static std::uint64_t load_padded(std::string_view text, std::size_t at) {
    std::uint64_t word = 0;
    std::memcpy(&word, text.data() + at, 8);
    return word & kFirstBytes[std::clamp<std::size_t>(text.size(), at, at + 8) - at];
  }

  /// Multiply and fold. Not keyed: only those who publish APIs put text into a table, and a request's segment that
  /// collides with it costs one comparison. The value differs between machines of different byte order, which nothing
  /// can see, because no table is iterated.
  static std::uint64_t fold(std::uint64_t x) {
    constexpr std::uint64_t kOdd = 0x9e37'79b9'7f4a'7c15;  // 2^64 / golden ratio
    return (x ^ x >> 32) * kOdd;
  }

  template <typename Load>
  static Segment make(std::string_view text, Load&& load_word) {
    const std::uint64_t length = std::uint64_t{std::min<std::size_t>(text.size(), 255)} << kLastByteShift;
    const std::uint64_t first = load_word(text, 0);
    const std::uint64_t second = (load_word(text, 8) & kFirstBytes[7]) | length;
    std::uint64_t hash = fold(fold(first) + second);
    for (std::size_t at = kHeadBytes; at < text.size(); at += 8) {
      hash = fold(hash ^ load_word(text, at));
    }
    return {first, second, text.data(), static_cast<std::uint32_t>(text.size()),
            static_cast<std::uint32_t>(hash >> 32)};
  }
};

}  // namespace parallax::logic::routing
