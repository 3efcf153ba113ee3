// Durations and rates as people write them, read exactly: integers all the way, because a scenario must mean the same
// nanoseconds on every machine.
#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "sim/time.h"

namespace parallax::scenarios {

/// A value, or one sentence that quotes what was found and says what was expected. Exactly one of them is filled.
template <typename T>
struct Parsed {
  std::optional<T> value;
  std::string error;
};

/// `count` requests in each `per`. Not reduced: "20/m" counts to 20 in each minute, which is not one in three seconds.
struct Rate {
  std::int64_t count{0};
  sim::Duration per{sim::seconds(1)};  ///< > 0

  friend bool operator==(const Rate&, const Rate&) = default;
};

/// By requests per time: 1/s and 60/m are equivalent.
std::weak_ordering compare(const Rate& a, const Rate& b);

/// One or more numbers with unit, from great to small ("1h30m", "1.5s"); units ns us ms s m h d. A leading minus is
/// understood, so that the range check can say which values are allowed. Errors: no or unknown unit, not a number,
/// finer than 1 ns, beyond the range of Duration.
Parsed<sim::Duration> parse_duration(std::string_view text);

/// "200/s", "0.5/s" (1 in 2 s), "20/5m". Errors: as for durations; a fraction that no whole count expresses.
Parsed<Rate> parse_rate(std::string_view text);

/// A whole number with a unit: "512MiB", "2GB"; units B, kB, MB, GB, KiB, MiB, GiB. Errors: as for durations.
Parsed<std::uint64_t> parse_bytes(std::string_view text);

/// As parse_bytes reads it, in the greatest binary unit that divides it.
std::string format_bytes(std::uint64_t bytes);

/// A finite decimal number of no unit, e.g. "0", "-1.5", "2e3".
Parsed<double> parse_number(std::string_view text);

/// The shortest text that parse_duration reads as exactly this; of equally short ones a whole number of one unit.
/// Requires: not the least integer, whose positive counterpart does not exist.
std::string format_duration(sim::Duration duration);

}  // namespace parallax::scenarios
