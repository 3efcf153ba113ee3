// Tumbling windows as a counter store has them: end = now + (T - now mod T) (throttling Siddhi extension,
// ThrottleStreamProcessor), so their edges are the multiples of T since the epoch on that store's clock.
//
// Instants count nanoseconds from an epoch that the host takes for 1970-01-01T00:00Z. A host with a real clock adds
// nothing; a simulated run begins in January 1970.
#pragma once

#include <compare>
#include <cstdint>

#include "sim/time.h"

namespace parallax::logic::throttling {

/// How long a window is. A month is the calendar's, in UTC: it is what a monthly quota is sold and invoiced by, and
/// every store finds the same edges without having been told when the quota began. days(30) is the other reading: all
/// windows alike, their edges wandering through the calendar.
struct WindowLength {
  enum class Kind : std::uint8_t { kFixed, kCalendarMonth };
  Kind kind{Kind::kFixed};
  sim::Duration fixed{sim::minutes(1)};  ///< > 0; not read for a month

  friend constexpr bool operator==(WindowLength, WindowLength) = default;
};

constexpr WindowLength fixed_window(sim::Duration length) { return {WindowLength::Kind::kFixed, length}; }
constexpr WindowLength hours(std::int64_t n) { return fixed_window(sim::minutes(60 * n)); }
constexpr WindowLength days(std::int64_t n) { return hours(24 * n); }
constexpr WindowLength calendar_month() { return {WindowLength::Kind::kCalendarMonth, {}}; }

/// From `start` to before `end`.
struct Window {
  sim::VirtualTime start{};
  sim::VirtualTime end{};

  friend constexpr bool operator==(Window, Window) = default;
};

/// The window that holds `now`. Requires: a fixed length is positive.
Window window_at(WindowLength length, sim::VirtualTime now);

}  // namespace parallax::logic::throttling
