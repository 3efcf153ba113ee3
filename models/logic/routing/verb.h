// The HTTP methods that an API can declare for a URI template. A method's name is case-sensitive (RFC 9110
// section 9.1): "get" is none of them.
#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string_view>

namespace parallax::logic::routing {

enum class Verb : std::uint8_t { kGet, kHead, kPost, kPut, kPatch, kDelete, kOptions };

inline constexpr std::array kVerbs{Verb::kGet,   Verb::kHead,   Verb::kPost,   Verb::kPut,
                                   Verb::kPatch, Verb::kDelete, Verb::kOptions};

/// Nothing for every other text, among them methods that exist but that no API declares (TRACE, CONNECT).
std::optional<Verb> parse_verb(std::string_view text);

/// As it stands in a request line.
std::string_view name_of(Verb verb);

/// A set of verbs in one byte.
class VerbSet {
 public:
  constexpr VerbSet() = default;
  constexpr VerbSet(std::initializer_list<Verb> verbs) {
    for (const Verb verb : verbs) insert(verb);
  }

  constexpr bool empty() const { return bits_ == 0; }
  constexpr bool contains(Verb verb) const { return (bits_ & bit(verb)) != 0; }
  constexpr bool intersects(VerbSet other) const { return (bits_ & other.bits_) != 0; }
  /// In the order of Verb. Requires: not empty.
  constexpr Verb last() const { return static_cast<Verb>(std::bit_width(bits_) - 1); }
  constexpr void insert(Verb verb) { bits_ = static_cast<std::uint8_t>(bits_ | bit(verb)); }

  friend constexpr VerbSet operator|(VerbSet a, VerbSet b) { return VerbSet{a.bits_ | b.bits_}; }
  friend constexpr VerbSet operator&(VerbSet a, VerbSet b) { return VerbSet{a.bits_ & b.bits_}; }
  friend constexpr bool operator==(VerbSet, VerbSet) = default;

 private:
  constexpr explicit VerbSet(int bits) : bits_{static_cast<std::uint8_t>(bits)} {}
  static constexpr int bit(Verb verb) { return 1 << static_cast<int>(verb); }

  std::uint8_t bits_{0};
};

}  // namespace parallax::logic::routing
