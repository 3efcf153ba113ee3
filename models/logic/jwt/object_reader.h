// Reads from a JSON object the few members that somebody asked for, in one pass and without a tree. All the rest must
// be JSON too (RFC 8259, strict UTF-8, no comments, bounded depth), but nobody keeps it.
//
// A member that was asked for may be there once only: parsers differ in which of two they believe, and a token that
// two of them read differently is an attack (RFC 7515 section 4, RFC 7519 section 4, RFC 8725 section 2.4). Names are
// compared after their escapes are undone, so "\u0065xp" is "exp".
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "models/logic/jwt/workspace.h"

namespace parallax::logic::jwt {

/// What stood behind a name.
struct Member {
  enum class Kind : std::uint8_t {
    kAbsent,
    kText,    ///< `text` without its quotes and escapes; it holds no NUL
    kTexts,   ///< an array of nothing but strings: `text` has each of them, followed by a NUL
    kNumber,  ///< `text` as it was written
    kOther,   ///< true, false, null, an object, an array of anything else
  };
  Kind kind{Kind::kAbsent};
  std::string_view text;
};

inline constexpr std::size_t kMaxMembers = 16;
using Members = std::array<Member, kMaxMembers>;

/// Longer names cannot be asked for.
inline constexpr std::size_t kMaxNameBytes = 64;

/// Nested objects and arrays, the outermost included.
inline constexpr std::size_t kMaxDepth = 16;

enum class ObjectFlaw : std::uint8_t {
  kNotAnObject,  ///< or no JSON at all, or nested too deeply
  kDuplicate,    ///< a member that was asked for, twice
  kNul,          ///< U+0000 in a text that would be kept: who hands it on to a C interface would see another text
};

/// members[i] is what stood behind names[i]; empty names are asked for by nobody. The texts live in `workspace`, the
/// numbers in `json`. Requires: names.size() <= kMaxMembers, each of at most kMaxNameBytes.
std::optional<ObjectFlaw> read_object(std::string_view json, std::span<const std::string_view> names,
                                      Workspace& workspace, Members& members);

}  // namespace parallax::logic::jwt
