#include "models/logic/throttling/tally.h"

#include <catch2/catch.hpp>
#include <cstdint>

#include "tests/support/checked_property.h"

namespace parallax::logic::throttling {
namespace {

using parallax::testing::check;
using parallax::testing::pick;
using sim::milliseconds;
using sim::seconds;

sim::VirtualTime at_ms(std::int64_t ms) { return sim::VirtualTime{} + milliseconds(ms); }

TallySpec spec_of(Measure measure, Counts counts, std::uint32_t limit = 20) {
  return {measure, counts, limit, seconds(2), milliseconds(1), milliseconds(measure == Measure::kTwoPeriods ? 2 : 1)};
}

// What a frequency counter of HAProxy 2.6 does, on its own terms: 32 bits of milliseconds that wrap, a lowest bit that
// is the lock's.
struct FrequencyCounter {
  std::uint32_t tick{0};
  std::uint32_t current{0};
  std::uint32_t previous{0};

  void update(std::uint32_t now, std::uint32_t period) {
    if (now - tick >= period) {
      previous = current;
      current = 0;
      tick += period;
      if (now - tick >= period) {
        previous = 0;
        tick = now;
      }
      tick &= ~1U;
    }
    ++current;
  }

  std::uint32_t read(std::uint32_t now, std::uint32_t period) const {
    auto remain = static_cast<std::int32_t>(tick + period - now);
    std::uint64_t past = previous;
    std::uint64_t present = current;
    if (remain < 0) {
      remain += static_cast<std::int32_t>(period);
      past = remain >= 0 ? present : 0;
      present = 0;
    }
    if (present == 0 && past <= 1) return static_cast<std::uint32_t>(past);
    return static_cast<std::uint32_t>((past * static_cast<std::uint64_t>(remain) + present * period) / period);
  }

  void learn(std::uint32_t age, std::uint32_t new_current, std::uint32_t new_previous, std::uint32_t now) {
    tick = (now - age) & ~1U;
    current = new_current;
    previous = new_previous;
  }
};

}  // namespace

TEST_CASE("a sliding estimate is HAProxy's frequency counter, taught values included") {
  check("tally = freq_ctr", 300, [] {
    const TallySpec spec = spec_of(Measure::kTwoPeriods, Counts::kAdmitted);
    Tally tallies[2];
    FrequencyCounter counters[2];
    std::int64_t now = 100'000;
    for (int i = 0; i < 300; ++i) {
      now += pick<int>(0, 20) == 0 ? pick<std::int64_t>(0, 5'000) : pick<std::int64_t>(0, 200);
      const sim::VirtualTime instant = at_ms(now) + sim::microseconds(pick<std::int64_t>(0, 1'000));
      const auto ms = static_cast<std::uint32_t>(now);
      const auto one = pick<std::size_t>(0, 2);
      Tally& tally = tallies[one];
      FrequencyCounter& counter = counters[one];
      if (pick<int>(0, 4) == 0) {
        const std::size_t other = 1 - one;
        if (counters[other].tick == 0) continue;  // never counted: nobody would teach it
        tally.learn(spec, tallies[other].teach(spec, instant), instant);
        counter.learn(ms - counters[other].tick, counters[other].current, counters[other].previous, ms);
      } else {
        tally.add(spec, instant);
        counter.update(ms, 2'000);
      }
      RC_ASSERT(tally.total(spec, instant) == counter.read(ms, 2'000));
    }
  });
}

// 20 in the first 200 ms of a period that began at 0: at 2,500 a quarter of the next period is over, and three quarters
// of the 20 count; 16 do at 2,400 and 10 at 3,000; nothing at 4,001.
TEST_CASE("of the period before counts what still reaches into the last period's length") {
  const TallySpec spec = spec_of(Measure::kTwoPeriods, Counts::kAdmitted);
  Tally tally;
  for (int i = 0; i < 20; ++i) CHECK(tally.admit(spec, at_ms(100'000 + 10 * i)));
  CHECK_FALSE(tally.admit(spec, at_ms(100'200)));
  CHECK(tally.total(spec, at_ms(102'000)) == 20);
  CHECK(tally.total(spec, at_ms(102'400)) == 16);
  CHECK(tally.total(spec, at_ms(102'500)) == 15);
  CHECK(tally.total(spec, at_ms(103'000)) == 10);
  CHECK(tally.total(spec, at_ms(104'001)) == 0);
}

TEST_CASE("who counts what was denied stays shut in overload, who does not opens with the next window") {
  for (const Measure measure : {Measure::kTwoPeriods, Measure::kFromFirst, Measure::kAligned}) {
    Tally admitted;
    Tally all;
    int by_admitted = 0;
    int by_all = 0;
    for (std::int64_t ms = 0; ms < 20'000; ms += 20) {
      by_admitted += admitted.admit(spec_of(measure, Counts::kAdmitted), at_ms(100'000 + ms)) ? 1 : 0;
      by_all += all.admit(spec_of(measure, Counts::kAll), at_ms(100'000 + ms)) ? 1 : 0;
    }
    CHECK(by_admitted == 200);  // ten windows of 20
    CHECK(by_all == (measure == Measure::kTwoPeriods ? 20 : 200));
  }
}

// The first hit at 700 makes a window until 2,700; the first after it, at 2,710, the next.
TEST_CASE("a window begins with its first hit, or at a multiple of its length") {
  const TallySpec from_first = spec_of(Measure::kFromFirst, Counts::kAll, 1);
  Tally tally;
  CHECK(tally.admit(from_first, at_ms(700)));
  CHECK_FALSE(tally.admit(from_first, at_ms(2'699)));
  CHECK(tally.admit(from_first, at_ms(2'710)));
  CHECK_FALSE(tally.admit(from_first, at_ms(4'709)));
  CHECK(tally.admit(from_first, at_ms(4'710)));

  const TallySpec aligned = spec_of(Measure::kAligned, Counts::kAll, 1);
  Tally other;
  CHECK(other.admit(aligned, at_ms(700)));
  CHECK_FALSE(other.admit(aligned, at_ms(1'999)));
  CHECK(other.admit(aligned, at_ms(2'000)));
}

TEST_CASE("what comes late for an aligned window that is over is forgotten") {
  const TallySpec spec = spec_of(Measure::kAligned, Counts::kAdmitted);
  Tally tally;
  tally.add(spec, at_ms(2'010));
  tally.add(spec, at_ms(1'990));
  CHECK(tally.total(spec, at_ms(2'020)) == 1);
}

// Told at an age of 500 ms and learned 40 ms later: there it is 500 ms old, and lasts 40 ms longer than where it began.
TEST_CASE("what is learned is younger than it was by the time on its way") {
  const TallySpec spec = spec_of(Measure::kTwoPeriods, Counts::kAdmitted);
  Tally teacher;
  for (int i = 0; i < 20; ++i) teacher.add(spec, at_ms(100'000));
  Tally pupil;
  pupil.add(spec, at_ms(99'000));
  pupil.learn(spec, teacher.teach(spec, at_ms(100'500)), at_ms(100'540));
  CHECK(pupil.total(spec, at_ms(100'540)) == 20);
  CHECK(teacher.total(spec, at_ms(103'000)) == 10);
  CHECK(pupil.total(spec, at_ms(103'040)) == 10);
}

}  // namespace parallax::logic::throttling
