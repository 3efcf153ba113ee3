#include "models/logic/throttling/window.h"

#include <chrono>

namespace parallax::logic::throttling {

namespace {

// The proleptic Gregorian calendar of the standard library: arithmetic on integers, no clock.
sim::VirtualTime first_instant(std::chrono::year_month month) {
  const std::chrono::sys_days day{month / std::chrono::day{1}};
  return sim::VirtualTime{} + sim::seconds(std::chrono::seconds{day.time_since_epoch()}.count());
}

Window month_at(sim::VirtualTime now) {
  const std::int64_t day = sim::floor_to(now, sim::minutes(24 * 60)).ns / sim::minutes(24 * 60).ns;
  const std::chrono::year_month_day date{std::chrono::sys_days{std::chrono::days{day}}};
  const std::chrono::year_month month{date.year(), date.month()};
  return {first_instant(month), first_instant(month + std::chrono::months{1})};
}

}  // namespace

Window window_at(WindowLength length, sim::VirtualTime now) {
  if (length.kind == WindowLength::Kind::kCalendarMonth) return month_at(now);
  const sim::VirtualTime start = sim::floor_to(now, length.fixed);
  return {start, start + length.fixed};
}

}  // namespace parallax::logic::throttling
