// Virtual time: an integer count of nanoseconds since the run began. Integers, because sums of floating-point
// instants depend on their order and on the CPU.
//
// The header-only target sim_time holds this file and record.h; it is all of the engine that decision logic may see.
#pragma once

#include <compare>
#include <cstdint>
#include <limits>

namespace parallax::sim {

/// A length of virtual time, in nanoseconds; may be negative. Range about +-292 years; overflow is undefined, and
/// scenario validation keeps every input far below it.
struct Duration {
  std::int64_t ns{0};

  friend constexpr auto operator<=>(Duration, Duration) = default;
  friend constexpr Duration operator+(Duration a, Duration b) { return {a.ns + b.ns}; }
  friend constexpr Duration operator-(Duration a, Duration b) { return {a.ns - b.ns}; }
  friend constexpr Duration operator*(Duration a, std::int64_t factor) { return {a.ns * factor}; }
  friend constexpr Duration operator*(std::int64_t factor, Duration a) { return {a.ns * factor}; }
  friend constexpr std::int64_t operator/(Duration a, Duration b) { return a.ns / b.ns; }
  constexpr Duration& operator+=(Duration other) { return ns += other.ns, *this; }
};

/// An instant of virtual time.
struct VirtualTime {
  std::int64_t ns{0};

  friend constexpr auto operator<=>(VirtualTime, VirtualTime) = default;
  friend constexpr VirtualTime operator+(VirtualTime t, Duration d) { return {t.ns + d.ns}; }
  friend constexpr VirtualTime operator-(VirtualTime t, Duration d) { return {t.ns - d.ns}; }
  friend constexpr Duration operator-(VirtualTime a, VirtualTime b) { return {a.ns - b.ns}; }
};

/// Later than every instant of any run.
inline constexpr VirtualTime kNever{std::numeric_limits<std::int64_t>::max()};

constexpr Duration nanoseconds(std::int64_t n) { return {n}; }
constexpr Duration microseconds(std::int64_t n) { return {n * 1'000}; }
constexpr Duration milliseconds(std::int64_t n) { return {n * 1'000'000}; }
constexpr Duration seconds(std::int64_t n) { return {n * 1'000'000'000}; }
constexpr Duration minutes(std::int64_t n) { return seconds(60 * n); }

/// Start of the epoch-aligned period that holds `t`. Requires: period > 0. Rounds towards minus infinity.
constexpr VirtualTime floor_to(VirtualTime t, Duration period) {
  const std::int64_t remainder = t.ns % period.ns;
  return {t.ns - remainder - (remainder < 0 ? period.ns : 0)};
}

}  // namespace parallax::sim
