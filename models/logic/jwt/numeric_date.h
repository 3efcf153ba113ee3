// NumericDate (RFC 7519 section 2): seconds since 1970-01-01T00:00:00Z, as any JSON number. Exact in integers, because
// 0.1 is no double. VirtualTime{0} is that epoch here: a host on a real clock hands in nanoseconds since 1970.
#pragma once

#include <limits>
#include <string>
#include <string_view>

#include "sim/time.h"

namespace parallax::logic::jwt {

/// Earlier than every instant.
inline constexpr sim::VirtualTime kAlways{std::numeric_limits<std::int64_t>::min()};

/// Digits below the nanosecond are dropped. What lies outside of VirtualTime (about +-292 years) becomes kNever or
/// kAlways: issuers write 9223372036854775 to mean that a token does not expire. Linear in the length of the text.
/// Requires: `number` is a JSON number (RFC 8259 section 6).
sim::VirtualTime numeric_date(std::string_view number);

/// A JSON number that numeric_date() reads back; an integer if the instant is a whole second.
std::string to_numeric_date(sim::VirtualTime instant);

}  // namespace parallax::logic::jwt
