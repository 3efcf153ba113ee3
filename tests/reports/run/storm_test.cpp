#include "reports/run/storm.h"

#include <catch2/catch.hpp>
#include <functional>

#include "reports/run/run_page.h"
#include "reports/run/run_text.h"

namespace parallax::reports {
namespace {

constexpr std::int64_t kS = 1'000'000'000;

void add_moment(schema::Result& result, const std::string& event, std::int64_t second) {
  auto& moment = *result.add_moments();
  moment.set_site("east");
  moment.set_event(event);
  moment.set_time_ns(second * kS);
}

void add_calls(schema::Result& result, const std::string& population, const std::function<double(int)>& sent) {
  for (const char* name : {"availability", "calls_sent"}) {
    auto& series = *result.add_series();
    series.set_name(name);
    series.set_node(population);
    series.set_step_ns(kS);
    for (int second = 0; second < 400; ++second) series.add_values(name[0] == 'a' ? 0.5 : sent(second));
  }
}

/// East is lost at 100 s, taken out of the answers at 150 s, and there again at 300 s.
schema::Result outage(const std::function<double(int)>& sent) {
  schema::Result result;
  add_moment(result, "lost", 100);
  add_moment(result, "marked_down", 150);
  add_moment(result, "ready", 300);
  add_calls(result, "people", sent);
  return result;
}

// 100 a second; from the loss on 8 a second more, 500 at 150 s; down to 200 at 170 s, up by 25 a second to 950 at 200
// s, down to 100 at 234 s.
double two_waves(int second) {
  if (second < 100) return 100;
  if (second <= 150) return 100 + 8 * (second - 100);
  if (second <= 170) return 500 - 15 * (second - 150);
  if (second <= 200) return 200 + 25 * (second - 170);
  return std::max(100, 950 - 25 * (second - 200));
}

TEST_CASE("a wave while nobody answers and one where all that waits comes to are told apart") {
  const auto storm = storm_of(outage(two_waves));
  REQUIRE(storm);
  CHECK(storm->before == Approx(100));
  REQUIRE(storm->first);
  CHECK(storm->first->at_ns == 150 * kS);
  CHECK(storm->first->rate == 500);
  REQUIRE(storm->second);
  CHECK(storm->second->at_ns == 200 * kS);
  CHECK(storm->second->rate == 950);
  CHECK(second_cause(*storm) == "the DNS has moved");
}

TEST_CASE("a second wave after the return is told as such") {
  const auto storm = storm_of(outage([](int second) { return second == 320 ? 600.0 : 100.0; }));
  REQUIRE(storm);
  CHECK_FALSE(storm->first);
  REQUIRE(storm->second);
  CHECK(storm->second->at_ns == 320 * kS);
  CHECK(second_cause(*storm).find(" is back") != std::string::npos);
}

// From 500 at 150 s down by 5 a second: what is left of the first wave.
TEST_CASE("a wave that ebbs away is no second one") {
  const auto storm = storm_of(outage(
      [](int second) { return second <= 150 ? two_waves(second) : std::max(100.0, 500.0 - 5 * (second - 150)); }));
  REQUIRE(storm);
  CHECK(storm->first);
  CHECK_FALSE(storm->second);
}

TEST_CASE("without tries again, an outage or a wave there is no storm") {
  CHECK_FALSE(storm_of(schema::Result{}));
  CHECK_FALSE(storm_of(outage([](int) { return 100.0; })));
  CHECK_FALSE(storm_of(outage([](int second) { return second < 100 ? 4.0 : 13.0; })));  // three times, but 9 a second
  CHECK(storm_of(outage([](int second) { return second < 100 ? 4.0 : 15.0; })));
  schema::Result calm;
  add_calls(calm, "people", two_waves);
  CHECK_FALSE(storm_of(calm));
  schema::Result one_try = outage(two_waves);
  one_try.mutable_series()->RemoveLast();
  CHECK_FALSE(storm_of(one_try));
}

TEST_CASE("populations are added up, and page and summary name the second peak") {
  schema::Result result = outage(two_waves);
  add_calls(result, "others", [](int) { return 50.0; });
  const std::string page = run_page(result);
  CHECK(page.find("After the DNS has moved a second peak: 1\u202f000 calls a second at 3\u00a0min\u00a020\u00a0s") !=
        std::string::npos);
  CHECK(page.find("All together") != std::string::npos);
  CHECK(summary(result).find("second peak, after the DNS has moved: 1") != std::string::npos);
  CHECK(run_page(schema::Result{}).find("Calls a second over time") == std::string::npos);
}

}  // namespace
}  // namespace parallax::reports
