#include "scenarios/units.h"

#include <catch2/catch.hpp>
#include <cstdint>
#include <limits>

namespace parallax::scenarios {
namespace {

using sim::Duration;

std::int64_t ns_of(std::string_view text) {
  const Parsed<Duration> parsed = parse_duration(text);
  INFO(text << " " << parsed.error);
  REQUIRE(parsed.value.has_value());
  return parsed.value->ns;
}

TEST_CASE("durations are read exactly") {
  CHECK(ns_of("0s") == 0);
  CHECK(ns_of("1ns") == 1);
  CHECK(ns_of("40ms") == 40'000'000);
  CHECK(ns_of("250us") == 250'000);
  CHECK(ns_of("15m") == 900'000'000'000);
  CHECK(ns_of("1h30m") == 5'400'000'000'000);
  CHECK(ns_of("1d2h3m4s5ms6us7ns") == 93'784'005'006'007);  // 86400 + 7200 + 180 + 4 = 93784 s
  CHECK(ns_of("1.5s") == 1'500'000'000);
  CHECK(ns_of("0.000000001s") == 1);
  CHECK(ns_of("1.50000000000s") == 1'500'000'000);
  // 2^53 + 1: not a double.
  CHECK(ns_of("9007199.254740993s") == 9'007'199'254'740'993);
  CHECK(ns_of("9223372036854775807ns") == std::numeric_limits<std::int64_t>::max());
  CHECK(ns_of("-5ms") == -5'000'000);
}

TEST_CASE("what is no duration is refused with the reason") {
  struct Case {
    std::string_view text;
    std::string_view reason;
  };
  const Case cases[] = {{"", "is empty"},
                        {"-", "is not a duration"},
                        {"900", "has no unit"},
                        {"0", "has no unit"},
                        {"1h30", "has no unit"},
                        {"fast", "is not a duration"},
                        {"+5s", "is not a duration"},
                        {"5 s", "unknown unit \" s\""},
                        {".5s", "is not a duration"},
                        {"5.s", "is not a duration"},
                        {"5sec", "unknown unit \"sec\""},
                        {"5MS", "unknown unit \"MS\""},
                        {"5mss", "did you mean \"ms\"?"},
                        {"30m1h", "from greater to smaller"},
                        {"1s1s", "from greater to smaller"},
                        {"0.5ns", "finer than 1ns"},
                        {"0.0000000000000000000000001s", "too many digits"},
                        {"99999999999999999999s", "too many digits"},
                        {"9223372036854775808ns", "too many digits"},
                        {"106752d", "too long"},  // 2^63 ns are 106,751.99 days
                        {"1e3s", "unknown unit \"e\""}};
  for (const Case& one : cases) {
    const Parsed<Duration> parsed = parse_duration(one.text);
    INFO(one.text);
    CHECK_FALSE(parsed.value.has_value());
    CHECK_THAT(parsed.error, Catch::Contains(std::string(one.reason)));
    CHECK_THAT(parsed.error, Catch::Contains("expected a duration"));
  }
}

Rate rate_of(std::string_view text) {
  const Parsed<Rate> parsed = parse_rate(text);
  INFO(text << " " << parsed.error);
  REQUIRE(parsed.value.has_value());
  return *parsed.value;
}

TEST_CASE("rates keep their window and become whole counts") {
  CHECK(rate_of("200/s") == Rate{200, sim::seconds(1)});
  CHECK(rate_of("20/m") == Rate{20, sim::minutes(1)});
  CHECK(rate_of("1200/h") == Rate{1200, sim::minutes(60)});
  CHECK(rate_of("20/5m") == Rate{20, sim::minutes(5)});
  CHECK(rate_of("0.5/s") == Rate{1, sim::seconds(2)});
  CHECK(rate_of("1.25/m") == Rate{5, sim::minutes(4)});
  CHECK(rate_of("2.0/s") == Rate{2, sim::seconds(1)});
  CHECK(rate_of("0/s") == Rate{0, sim::seconds(1)});
}

TEST_CASE("rates compare by requests per time") {
  CHECK((compare(rate_of("1/s"), rate_of("60/m")) == 0));
  CHECK((compare(rate_of("1/s"), rate_of("61/m")) < 0));
  CHECK((compare(rate_of("9223372036854775807/ns"), rate_of("1/100000d")) > 0));
}

TEST_CASE("what is no rate is refused with the reason") {
  struct Case {
    std::string_view text;
    std::string_view reason;
  };
  const Case cases[] = {{"", "is empty"},         {"200", "no unit of time"},        {"200/", "no unit of time"},
                        {"-1/s", "is negative"},  {"x/s", "is not a rate"},          {"200 /s", "is not a rate"},
                        {"200/sec", "\"sec\""},   {"200/0s", "no time at all"},      {"200/5", "has no unit"},
                        {"1//s", "unknown unit"}, {"0.0000000001/3650d", "too fine"}};
  for (const Case& one : cases) {
    const Parsed<Rate> parsed = parse_rate(one.text);
    INFO(one.text);
    CHECK_FALSE(parsed.value.has_value());
    CHECK_THAT(parsed.error, Catch::Contains(std::string(one.reason)));
  }
}

TEST_CASE("amounts of memory are read and written exactly") {
  CHECK(parse_bytes("1B").value == 1U);
  CHECK(parse_bytes("2kB").value == 2'000U);
  CHECK(parse_bytes("2KiB").value == 2'048U);
  CHECK(parse_bytes("512MiB").value == 536'870'912U);
  CHECK(parse_bytes("3GB").value == 3'000'000'000U);
  CHECK(parse_bytes("17179869183GiB").value == 18'446'744'072'635'809'792U);  // (2^34 - 1) * 2^30, just below 2^64
  for (const char* text :
       {"", "512", "GiB", "-1B", "1.5GiB", "1 GiB", "1gib", "1GiB2", "17179869184GiB", "99999999999999999999B"}) {
    INFO(text);
    const Parsed<std::uint64_t> parsed = parse_bytes(text);
    CHECK_FALSE(parsed.value.has_value());
    CHECK(parsed.error.find("expected an amount of memory") != std::string::npos);
  }
  CHECK(format_bytes(536'870'912) == "512MiB");
  CHECK(format_bytes(1'025) == "1025B");
  for (const std::uint64_t bytes : {1ULL, 1'023ULL, 1'024ULL, 3'000'000'000ULL, 18'446'744'073'709'551'615ULL}) {
    CHECK(parse_bytes(format_bytes(bytes)).value == bytes);
  }
}

TEST_CASE("plain numbers are finite and have no unit") {
  CHECK(parse_number("0.25").value == 0.25);
  CHECK(parse_number("-1").value == -1.0);
  for (const char* text : {"", "1s", "nan", "inf", "1e999", " 1", "one"}) {
    INFO(text);
    CHECK_FALSE(parse_number(text).value.has_value());
  }
}

TEST_CASE("durations are written as short as they are exact") {
  CHECK(format_duration({0}) == "0s");
  CHECK(format_duration(sim::seconds(900)) == "15m");
  CHECK(format_duration(sim::seconds(90)) == "90s");
  CHECK(format_duration(sim::milliseconds(1500)) == "1.5s");
  CHECK(format_duration(sim::seconds(3601)) == "1h1s");  // "3601s" is longer
  CHECK(format_duration(sim::minutes(24 * 60)) == "1d");
  CHECK(format_duration({-40'000'000}) == "-40ms");
}

TEST_CASE("a duration that is written and read is the same") {
  std::uint64_t bits = 1;
  for (int i = 0; i < 20'000; ++i) {
    bits = bits * 6364136223846793005U + 1442695040888963407U;  // Knuth's MMIX generator
    const Duration duration{static_cast<std::int64_t>(bits >> (1 + i % 63))};
    CHECK(ns_of(format_duration(duration)) == duration.ns);
  }
}

}  // namespace
}  // namespace parallax::scenarios
