#include "reports/track.h"

#include <catch2/catch.hpp>

namespace parallax::reports {
namespace {

constexpr std::int64_t kSecond = 1'000'000'000;

TEST_CASE("a track holds its words until others come, in milliseconds") {
  Track track;
  track.add(0, "up");
  track.add(480 * kSecond, "no power");
  track.add(500 * kSecond, "no power");  // goes on
  track.add(1'080 * kSecond + 999'999, "up");
  CHECK(track.attribute() == R"( data-track="0 up|480000 no power|1080000 up")");
}

TEST_CASE("of one instant the last words count") {
  Track track{"r0"};
  track.add(0, "a");
  track.add(kSecond, "b");
  track.add(kSecond + 400'000, "c");
  CHECK(track.attribute() == R"( data-track="0 a|1000 c" data-place="r0")");
}

TEST_CASE("a track without words is none, and words stay text") {
  CHECK(Track{"s0"}.attribute().empty());
  Track track;
  track.add(0, "\"><b>");
  CHECK(track.attribute() == R"( data-track="0 &quot;&gt;&lt;b&gt;")");
}

}  // namespace
}  // namespace parallax::reports
