#include "reports/delays.h"

#include <catch2/catch.hpp>

#include "reports/words.h"

namespace parallax::reports {
namespace {

TEST_CASE("durations of a scenario are read with any units, and nothing else is") {
  CHECK(length_of("29956us") == 29'956'000);
  CHECK(length_of("1h30m") == 5'400'000'000'000);
  CHECK(length_of("0.5s") == 500'000'000);
  CHECK(length_of("0s") == 0);
  for (const char* text : {"", "5", "ms", "5 ms", "1.2.3s", "5parsecs", "-1s"}) {
    INFO(text);
    CHECK_FALSE(length_of(text));
  }
  CHECK(plain(length_in_words("29956us")) == "30 ms");
  CHECK(length_in_words("<soon>") == "<soon>");
}

TEST_CASE("the typical delay is the constant or the median") {
  schema::Delay delay;
  CHECK(typical_ns(delay) == 0);
  delay.set_constant("30ms");
  CHECK(typical_ns(delay) == 30'000'000);
  delay.mutable_uniform()->set_least("10ms");
  delay.mutable_uniform()->set_greatest("20ms");
  CHECK(typical_ns(delay) == 15'000'000);
  CHECK(plain(spread_words(delay)) == "10 ms to 20 ms, all alike");
  delay.Clear();
  delay.mutable_lognormal()->set_p50("5ms");
  delay.mutable_lognormal()->set_p95("8ms");
  CHECK(typical_ns(delay) == 5'000'000);
  CHECK(plain(spread_words(delay)) == "95 % within 8 ms");
  delay.Clear();
  for (const char* q : {"1ms", "2ms", "9ms"}) delay.mutable_empirical()->add_quantiles(q);
  CHECK(typical_ns(delay) == 2'000'000);
  CHECK(plain(spread_words(delay)) == "measured, 1 ms to 9 ms");
}

}  // namespace
}  // namespace parallax::reports
