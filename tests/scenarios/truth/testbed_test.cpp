// What testbeds give at the edges of what they may be asked for, and what they refuse.
#include "scenarios/truth/testbed.h"

#include <algorithm>
#include <catch2/catch.hpp>

#include "tests/scenarios/truth/simulated.h"

namespace parallax::test {

namespace {

std::string refusal(const std::string& testbed, const Settings& settings) {
  const auto file = scenarios::truth::read_testbed(scenario_file("truth/testbeds/" + testbed), settings);
  return file.problems.empty() ? "none" : file.problems.front().message;
}

bool holds(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

}  // namespace

TEST_CASE("a request that comes after the last bin is in none") {
  for (const char* bins : {"6", "10"}) {
    const Settings settings{"limiters.profile=express_memory", "limiters.lateness=1s",
                            std::string{"limiters.bins="} + bins};
    const Values later = on_testbed("limiters", settings, "later bins", 3);
    CHECK(later.size() == 3 * (std::stoul(bins) - 1));
    CHECK(greatest_of(later) <= 3 * 40);  // two windows of each node may fall into a bin, and what was late
    CHECK(least_of(later) > 0);
  }
}

TEST_CASE("bursts and lateness are no longer than what they are measured in") {
  CHECK(refusal("limiters", {"limiters.bursts=true"}) == "none");
  CHECK(refusal("limiters", {"limiters.bursts=true", "limiters.rate=425"}) == "none");
  CHECK(holds(refusal("limiters", {"limiters.bursts=true", "limiters.rate=426"}),
              "a burst of 852 requests, 2 ms apart and 300 ms after the beginning, is longer than period \"2s\""));
  CHECK(holds(refusal("limiters", {"limiters.bursts=true", "limiters.rate=10000", "limiters.bins=6"}), "a burst of"));
  CHECK(refusal("limiters", {"limiters.lateness=1s", "limiters.period=500ms", "limiters.bins=2"}) == "none");
  CHECK(holds(refusal("limiters", {"limiters.lateness=1s", "limiters.period=400ms", "limiters.bins=2"}),
              "lateness \"1s\" is more than all 2 bins of \"400ms\" together"));
  CHECK(holds(refusal("limiters", {"limiters.rate=10000", "limiters.period=1h"}), "252000000 requests in 7 periods"));
}

// The run goes on until the heal and a minute, which every token takes at most; an entry that lives an hour outlives
// it.
TEST_CASE("what never happened is no value") {
  for (const char* quantity : {"first not admitted", "denied as revoked", "denied as revoked after heal"}) {
    INFO(quantity);
    const Values after_a_long_cut = on_testbed("revocations_cut", {"revocations.cut=5m"}, quantity, 5);
    REQUIRE(after_a_long_cut.size() == 5 * 60);
    CHECK(least_of(after_a_long_cut) >= 0);
    const Settings hour{"revocations.cache_ttl=1h", "revocations.hears=nothing"};
    const Values of_an_hour = on_testbed("revocations_cut", hour, quantity, 5);
    CHECK(of_an_hour.size() < 5 * 60 / 10);
    CHECK(std::none_of(of_an_hour.begin(), of_an_hour.end(), [](double value) { return value == -1; }));
  }
}

TEST_CASE("there are no more moments of revocations than tokens") {
  CHECK(refusal("revocations_cut", {"revocations.tokens=61"}) == "none");
  CHECK(refusal("revocations_cut", {"revocations.tokens=59"}) ==
        "60 moments of 59 tokens; expected at most one of each");
}

}  // namespace parallax::test
