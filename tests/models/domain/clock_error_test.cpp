// By how much a clock is off, by hand.
#include <catch2/catch.hpp>

#include "models/domain/clock_error.h"

namespace parallax::domain {
namespace {

constexpr sim::VirtualTime at(std::int64_t seconds) { return sim::VirtualTime{} + sim::seconds(seconds); }

ClockError error_of(ClockError::Fault fault) {
  ClockError error;
  error.add(std::move(fault));
  return error;
}

}  // namespace

TEST_CASE("a clock is ahead by its offset from a spell's first instant to before its last, and right between spells") {
  const ClockError error = error_of({0, sim::seconds(90), 0, {{at(10), at(20)}, {at(20), at(21)}, {at(30), at(40)}}});
  CHECK(ClockError{}.at(at(10)) == sim::Duration{});
  CHECK(error.at(at(10) - sim::nanoseconds(1)) == sim::Duration{});
  CHECK(error.at(at(10)) == sim::seconds(90));
  CHECK(error.reading(at(10)) == at(100));
  CHECK(error.at(at(20)) == sim::seconds(90));
  CHECK(error.at(at(21) - sim::nanoseconds(1)) == sim::seconds(90));
  CHECK(error.at(at(21)) == sim::Duration{});
  CHECK(error.at(at(39)) == sim::seconds(90));
  CHECK(error.at(at(40)) == sim::Duration{});
}

// 50 ppm are 50,000 ns a second: 150 us after 3 s, and half of 50 us more half a second later. Behind, -7 s.
// A second spell begins anew. 1 ppb gains nothing within a second but its last nanosecond.
TEST_CASE("drift gains so much in each second since the spell began, rounded towards zero") {
  const ClockError error = error_of({0, sim::seconds(-7), 50'000, {{at(10), at(20)}, {at(100), at(200)}}});
  CHECK(error.at(at(10)) == sim::seconds(-7));
  CHECK(error.at(at(13)) == sim::seconds(-7) + sim::microseconds(150));
  CHECK(error.at(at(13) + sim::milliseconds(500)) == sim::seconds(-7) + sim::microseconds(175));
  CHECK(error.at(at(101)) == sim::seconds(-7) + sim::microseconds(50));
  const ClockError slow = error_of({0, {}, -1, {{at(0), at(10)}}});
  CHECK(slow.at(at(1) - sim::nanoseconds(1)) == sim::Duration{});
  CHECK(slow.at(at(1)) == sim::nanoseconds(-1));
}

// A tenth of a second each second, over 10 years of 365 days: a year.
TEST_CASE("the greatest drift over the longest run does not overflow") {
  const sim::VirtualTime end = sim::VirtualTime{} + sim::minutes(24 * 60 * 3'650);
  const ClockError error = error_of({0, {}, 100'000'000, {{{}, end + sim::seconds(1)}}});
  CHECK(error.at(end) == sim::minutes(24 * 60 * 365));
}

TEST_CASE("faults that are on at once add up, and each is told of") {
  ClockError error = error_of({3, sim::seconds(10), 0, {{at(0), at(100)}}});
  error.add({5, sim::seconds(-4), 1'000, {{at(50), at(60)}}});
  std::vector<std::size_t> on;
  const auto visit = [&on](std::size_t place) { on.push_back(place); };
  CHECK(error.visit(at(49), visit) == sim::seconds(10));
  CHECK((on == std::vector<std::size_t>{0}));
  CHECK(error.visit(at(52), visit) == sim::seconds(6) + sim::microseconds(2));
  CHECK((on == std::vector<std::size_t>{0, 0, 1}));
  CHECK(error.at(at(60)) == sim::seconds(10));
}

}  // namespace parallax::domain
