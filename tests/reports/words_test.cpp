#include "reports/words.h"

#include <catch2/catch.hpp>
#include <cstdint>
#include <numeric>
#include <string>
#include <utility>
#include <vector>

namespace parallax::reports {
namespace {

constexpr std::int64_t kMs = 1'000'000;
constexpr std::int64_t kS = 1'000 * kMs;
constexpr std::int64_t kMin = 60 * kS;
constexpr std::int64_t kH = 60 * kMin;

TEST_CASE("measured lengths are told in the words of a clock") {
  const std::vector<std::pair<std::int64_t, std::string>> cases{
      {0, "0 s"},
      {850, "850 ns"},
      {1'500, "1.5 us"},
      {999'499, "999 us"},
      {999'500, "1 ms"},  // half a microsecond under the next unit: rounds into it
      {1'960'000, "2 ms"},
      {400 * kMs, "400 ms"},
      {999'500'000, "1 s"},
      {1'900 * kMs, "1.9 s"},
      {9'949 * kMs, "9.9 s"},
      {9'950 * kMs, "10 s"},
      {31 * kS, "31 s"},
      {59'499 * kMs, "59 s"},
      {59'500 * kMs, "1 min 00 s"},
      {2 * kMin + 4 * kS, "2 min 04 s"},
      {15 * kMin + 31 * kS, "15 min 31 s"},
      {10 * kMin, "10 min 00 s"},
      {kH - kS / 2, "1 h 00 min"},
      {kH + 4 * kMin, "1 h 04 min"},
      {51 * kH, "2 d 03 h"},
      {-(9 * kMin + 2 * kS), "-9 min 02 s"},
  };
  for (const auto& [ns, words] : cases) {
    INFO(ns);
    CHECK(plain(clock_words(ns)) == words);
  }
}

TEST_CASE("no printed length can break over two lines") {
  CHECK(clock_words(15 * kMin + 31 * kS) == "15\u00A0min\u00A031\u00A0s");
  CHECK(clock_words(-kS) == "\u22121\u00A0s");
}

TEST_CASE("the least and the greatest length have words") {
  CHECK_FALSE(clock_words(INT64_MIN).empty());
  CHECK_FALSE(clock_words(INT64_MAX).empty());
}

TEST_CASE("chosen lengths drop what is zero") {
  CHECK(plain(round_clock_words(5 * kMin)) == "5 min");
  CHECK(plain(round_clock_words(kH)) == "1 h");
  CHECK(plain(round_clock_words(930 * kS)) == "15 min 30 s");
}

std::string words_of(const std::vector<std::int64_t>& parts) {
  std::string out;
  for (const auto& word : parts_in_words(parts, std::accumulate(parts.begin(), parts.end(), std::int64_t{0}))) {
    out += (out.empty() ? "" : " + ") + plain(word);
  }
  return out;
}

TEST_CASE("printed parts add up to the printed whole") {
  // 899.6 + 28.6 = 928.2 s, printed 15 min 28 s. Each alone would round up, to 900 + 29; the first lost as much as the
  // second and comes first, so it gets the missing second: 900 + 28.
  CHECK(words_of({899'600 * kMs, 28'600 * kMs}) == "15 min + 28 s");
  CHECK(words_of({900 * kS, 28 * kS}) == "15 min + 28 s");
  // A part under the printed step keeps its own words.
  CHECK(words_of({900 * kS, 27'997 * kMs, 3 * kMs}) == "15 min + 28 s + 3 ms");
  // 1.25 + 1.25 = 2.5 s in tenths: 1.2 + 1.2 and one tenth more.
  CHECK(words_of({1'250 * kMs, 1'250 * kMs}) == "1.3 s + 1.2 s");
  CHECK(words_of({}).empty());
}

TEST_CASE("counts have narrow spaces between thousands") {
  CHECK(count_words(0) == "0");
  CHECK(count_words(999) == "999");
  CHECK(count_words(9'170) == "9\u202F170");
  CHECK(count_words(2'160'412) == "2\u202F160\u202F412");
  CHECK(count_words(UINT64_MAX) == "18\u202F446\u202F744\u202F073\u202F709\u202F551\u202F615");
  CHECK(large_count_words(999'999) == "999\u202F999");
  CHECK(large_count_words(2'157'429) == "2.16\u00A0million");
  CHECK(large_count_words(999'999'999) == "1\u00A0billion");
  CHECK(large_count_words(41'200'000) == "41.2\u00A0million");
  CHECK(large_count_words(2'160'412) == "2.16\u00A0million");
  CHECK(plain(counted(1, "run", "runs")) == "1 run");
  CHECK(plain(counted(3, "run", "runs")) == "3 runs");
}

TEST_CASE("ratios, shares and plain numbers drop idle decimals") {
  CHECK(ratio_words(2) == "2×");
  CHECK(ratio_words(1.95) == "1.95×");
  CHECK(plain(percent_words(0.09)) == "9 %");
  CHECK(plain(percent_words(0.974)) == "97 %");
  CHECK(plain(percent_words(0.026)) == "2.6 %");
  CHECK(plain(percent_words(0.0004)) == "under 0.1 %");
  CHECK(plain(percent_words(0)) == "0 %");
  CHECK(plain(percent_words(1)) == "100 %");
  CHECK(plain(percent_words(0.992)) == "99.2 %");
  CHECK(plain(percent_words(0.9996)) == "99.96 %");
  CHECK(plain(percent_words(0.999999)) == "over 99.999 %");
  CHECK(number_words(604) == "604");
  CHECK(number_words(603.7) == "604");
  CHECK(number_words(2.5) == "2.5");
  CHECK(plain(number_words(-2)) == "-2");
}

TEST_CASE("lengths of scenario files are spelled our way, other text is left alone") {
  CHECK(plain(spelled_length("60m")) == "60 min");
  CHECK(plain(spelled_length("1h30m")) == "1 h 30 min");
  CHECK(plain(spelled_length("900s")) == "900 s");
  CHECK(spelled_length("200/s") == "200/s");
  CHECK(spelled_length("10000") == "10000");
  CHECK(spelled_length("true") == "true");
  CHECK(spelled_length("") == "");
}

TEST_CASE("items are joined as in a sentence") {
  const std::vector<std::string> items{"a", "b", "c"};
  CHECK(joined(items) == "a, b and c");
  CHECK(joined(std::vector<std::string>{"a"}) == "a");
  CHECK(joined(std::vector<std::string>{}).empty());
}

}  // namespace
}  // namespace parallax::reports
