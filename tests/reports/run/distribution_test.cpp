#include "reports/run/distribution.h"

#include <catch2/catch.hpp>

#include "reports/words.h"
#include "tests/reports/find_text.h"

namespace parallax::reports {
namespace {

using test::contains;

constexpr std::int64_t kSecond = 1'000'000'000;

// 200 windows of 0 to 100 s, evenly.
schema::WindowClass even() {
  schema::WindowClass windows;
  windows.set_change("token_revoked");
  windows.set_count(200);
  windows.set_zero(2);
  windows.set_p50_ns(50 * kSecond);
  windows.set_max_ns(100 * kSecond);
  for (int i = 0; i <= 100; ++i) windows.add_quantiles_ns(i * kSecond);
  return windows;
}

std::string figure_of(const schema::WindowClass& windows, std::optional<std::int64_t> target_ns) {
  return plain(distribution_figure({"Token revoked.", windows, 200 * kSecond, target_ns}, ""));
}

TEST_CASE("a distribution is told in a sentence, drawn, and given in figures") {
  const schema::WindowClass windows = even();
  const std::string figure = figure_of(windows, 90 * kSecond);
  CHECK(contains(figure,
                 "200 windows, 2 of them in step at once. Half are over after 50 s, the longest after 1 min 40 s"));
  // 91 of the 101 quantiles are within 90 s.
  CHECK(contains(figure, ", some 9 % beyond the target of 1 min 30 s."));
  // The axis begins with 1 s, the tick below 5 s, and ends with 200 s: 100 s are at log 100 / log 200 = 86.9 %.
  CHECK(contains(figure, "M0 94L0.0 94.0L303.8 89.6L434.6 85.2"));
  CHECK(contains(figure, "L869.2 6.0H1000"));
  CHECK(contains(figure, ">95 %</th>"));
  CHECK(contains(figure, ">1 min 35 s</td>"));
  CHECK(contains(figure, R"(class="diamond")"));
}

TEST_CASE("without a target, and within one, nothing is beyond it") {
  const schema::WindowClass windows = even();
  CHECK(contains(figure_of(windows, {}), "the longest after 1 min 40 s."));
  const std::string within = figure_of(windows, 100 * kSecond);
  CHECK(contains(within, ", all within the target."));
  CHECK_FALSE(contains(within, "diamond"));
  CHECK(contains(figure_of(windows, -1), ", all beyond the target."));
}

// Of 200 windows the lengths of 60 % are known: the curve ends there, and what is said is the least it can be.
TEST_CASE("windows that are still open end the curve") {
  schema::WindowClass windows = even();
  windows.set_reached(0.6);
  windows.set_censored(80);
  for (int i = 61; i <= 100; ++i) windows.set_quantiles_ns(i, 60 * kSecond);
  windows.set_max_ns(60 * kSecond);
  const std::string figure = figure_of(windows, 90 * kSecond);
  CHECK(contains(figure, "; 80 still open when a run ended."));
  CHECK(contains(figure, "the longest after >= 1 min"));
  CHECK(contains(figure, R"(class="open")"));
  CHECK_FALSE(contains(figure, "H1000\"/><path class=\"line\""));
}

TEST_CASE("of windows that are all over at once there is nothing to draw") {
  schema::WindowClass windows = even();
  windows.set_zero(200);
  windows.set_p50_ns(0);
  windows.set_max_ns(0);
  const std::string figure = figure_of(windows, kSecond);
  CHECK(contains(figure, "200 windows, all of them in step at once.</figcaption>"));
  CHECK_FALSE(contains(figure, "<svg"));
}

TEST_CASE("a result without quantiles says so") {
  schema::WindowClass windows = even();
  windows.clear_quantiles_ns();
  CHECK(contains(figure_of(windows, {}), "The result holds no more of them."));
}

}  // namespace
}  // namespace parallax::reports
