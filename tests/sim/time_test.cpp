#include "sim/time.h"

#include <catch2/catch.hpp>
#include <type_traits>

#include "sim/record.h"

namespace parallax::sim {
namespace {

template <typename A, typename B>
concept Addable = requires(A a, B b) {
  a + b;
};
template <typename A, typename B>
concept Subtractable = requires(A a, B b) {
  a - b;
};
template <typename A, typename B>
concept Multipliable = requires(A a, B b) {
  a* b;
};
template <typename A, typename B>
concept Comparable = requires(A a, B b) {
  a < b;
};

// What must compile: an instant and a length make an instant, two instants a length.
static_assert(std::is_same_v<decltype(VirtualTime{} + Duration{}), VirtualTime>);
static_assert(std::is_same_v<decltype(VirtualTime{} - Duration{}), VirtualTime>);
static_assert(std::is_same_v<decltype(VirtualTime{} - VirtualTime{}), Duration>);
static_assert(std::is_same_v<decltype(Duration{} + Duration{}), Duration>);

// What must not: numbers have no unit, two instants no sum, and a site is no number.
static_assert(!Addable<Duration, int> && !Addable<int, Duration> && !Subtractable<Duration, int>);
static_assert(!Addable<VirtualTime, int> && !Subtractable<VirtualTime, int>);
static_assert(!Addable<VirtualTime, VirtualTime>);
static_assert(!Subtractable<Duration, VirtualTime>);
static_assert(!Multipliable<VirtualTime, int> && !Multipliable<Duration, Duration>);
static_assert(!Comparable<Duration, VirtualTime> && !Comparable<Duration, int> && !Comparable<VirtualTime, int>);
static_assert(!std::is_convertible_v<int, Duration> && !std::is_convertible_v<int, VirtualTime>);
static_assert(!std::is_convertible_v<Duration, VirtualTime> && !std::is_convertible_v<VirtualTime, Duration>);
static_assert(!std::is_convertible_v<int, SiteId> && !std::is_convertible_v<SiteId, int>);
static_assert(!Addable<SiteId, int> && !Comparable<SiteId, int>);
static_assert(!std::is_convertible_v<std::uint64_t, RecordId>);

TEST_CASE("units are exact multiples of a nanosecond") {
  CHECK(nanoseconds(7).ns == 7);
  CHECK(microseconds(7).ns == 7'000);
  CHECK(milliseconds(7).ns == 7'000'000);
  CHECK(seconds(7).ns == 7'000'000'000);
  CHECK(minutes(7).ns == 420'000'000'000);  // 7 * 60 s
}

TEST_CASE("lengths and instants count as integers do") {
  CHECK(milliseconds(3) * 4 == milliseconds(12));
  CHECK(4 * milliseconds(3) == milliseconds(12));
  CHECK(seconds(10) / milliseconds(3) == 3'333);  // whole times only: 10,000 / 3
  CHECK(VirtualTime{5} - VirtualTime{8} == nanoseconds(-3));
  CHECK(VirtualTime{5} + nanoseconds(3) - nanoseconds(10) == VirtualTime{-2});
  Duration sum = seconds(1);
  sum += milliseconds(1);
  CHECK(sum.ns == 1'001'000'000);
}

TEST_CASE("a period begins at the multiple at or before the instant") {
  CHECK(floor_to(VirtualTime{119}, nanoseconds(60)) == VirtualTime{60});
  CHECK(floor_to(VirtualTime{120}, nanoseconds(60)) == VirtualTime{120});
  CHECK(floor_to(VirtualTime{0}, nanoseconds(60)) == VirtualTime{0});
  CHECK(floor_to(VirtualTime{-1}, nanoseconds(60)) == VirtualTime{-60});
  CHECK(floor_to(VirtualTime{-60}, nanoseconds(60)) == VirtualTime{-60});
}

TEST_CASE("a record's id keeps its site and its number apart") {
  const std::uint64_t last = (std::uint64_t{1} << 48) - 1;
  const RecordId id = RecordId::of(SiteId{65'535}, last);
  CHECK(id.site() == SiteId{65'535});
  CHECK(id.number() == last);
  CHECK(RecordId::of(SiteId{0}, 1).exists());
  CHECK_FALSE(RecordId{}.exists());
}

TEST_CASE("the journal is ordered by time, then site, then number") {
  const auto record = [](std::int64_t ns, SiteId site, std::uint64_t number) {
    return Record{VirtualTime{ns}, RecordId::of(site, number), {}, {}};
  };
  const Record ascending[] = {record(1, SiteId{2}, 9), record(2, SiteId{0}, 8), record(2, SiteId{0}, 9),
                              record(2, SiteId{1}, 1), record(3, SiteId{0}, 1)};
  for (std::size_t i = 0; i < std::size(ascending); ++i) {
    for (std::size_t j = 0; j < std::size(ascending); ++j) CHECK(journal_order(ascending[i], ascending[j]) == (i < j));
  }
}

}  // namespace
}  // namespace parallax::sim
