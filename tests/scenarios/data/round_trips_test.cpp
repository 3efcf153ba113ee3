#include "scenarios/data/round_trips.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <set>

#include "scenarios/data/places.h"

namespace parallax::scenarios::data {
namespace {

RoundTrips set_named(const std::string& name) {
  for (RoundTrips& set : all_round_trips()) {
    if (set.name == name) return std::move(set);
  }
  throw std::logic_error("no set " + name);
}

sim::Duration microseconds(std::int64_t count) { return {count * 1'000}; }

TEST_CASE("a ping becomes a way by half its round trip and half its deviation") {
  // us-east-1 to us-west-1: least 59.836 ms, mean 59.912 ms, mean deviation 0.304 ms; 29.956 + 1.645 x 0.152 = 30.206.
  const RoundTrips aws = set_named("aws-2020-06-05");
  const OneWay* way = aws.find("us-east-1", "us-west-1");
  REQUIRE(way != nullptr);
  CHECK(way->p50 == microseconds(29'956));
  CHECK(way->p95 == microseconds(30'206));
  CHECK(way->least == microseconds(29'918));
  CHECK(aws.find("us-east-1", "us-east-9") == nullptr);
}

TEST_CASE("percentiles are halved, and of a mean alone there is no spread") {
  // Australia East to Brazil South: 295 ms and 298 ms.
  const RoundTrips azure = set_named("azure-2026-07-30");
  const OneWay* way = azure.find("Australia East", "Brazil South");
  REQUIRE(way != nullptr);
  CHECK(way->p50 == microseconds(147'500));
  CHECK(way->p95 == microseconds(149'000));
  CHECK_FALSE(way->least.has_value());
  // Chennai to Dallas: 248 ms.
  const RoundTrips ibm = set_named("ibm-2026-08-16");
  CHECK(ibm.find("Chennai", "Dallas")->p50 == microseconds(124'000));
  CHECK(ibm.find("Chennai", "Dallas")->p95 == microseconds(124'000));
}

TEST_CASE("the sets are whole, and each way is one that a distribution can have") {
  // Regions and pairs as published; AWS and Google with a region to itself, Azure without.
  const std::pair<std::string, std::pair<std::size_t, std::size_t>> sizes[] = {{"aws-2020-06-05", {19, 361}},
                                                                               {"aws-2021-02-13", {5, 25}},
                                                                               {"azure-2026-07-30", {15, 210}},
                                                                               {"gcp-2019-09", {20, 400}}};
  for (const auto& [name, size] : sizes) {
    INFO(name);
    CHECK(set_named(name).regions.size() == size.first);
    CHECK(set_named(name).pairs.size() == size.second);
  }
  for (const RoundTrips& set : all_round_trips()) {
    INFO(set.name);
    CHECK_FALSE(set.title.empty());
    CHECK_FALSE(set.measured.empty());
    CHECK_FALSE(set.source.empty());
    CHECK(std::is_sorted(set.regions.begin(), set.regions.end()));
    std::set<std::pair<std::string, std::string>> pairs;
    for (const RoundTrips::Pair& pair : set.pairs) {
      INFO(pair.from << " to " << pair.to);
      CHECK(pairs.emplace(pair.from, pair.to).second);
      CHECK(pair.way.p50 <= pair.way.p95);
      CHECK(pair.way.p50 > sim::Duration{});
      if (pair.way.least) CHECK(*pair.way.least < pair.way.p50);
      if (pair.way.least) CHECK(*pair.way.least >= sim::Duration{});
    }
  }
}

TEST_CASE("every place is a region, and from each there is a way to each") {
  const RoundTrips aws = set_named("aws-2020-06-05");
  std::set<std::string_view> words;
  for (const Place& place : places()) {
    INFO(place.region);
    for (const Place& other : places()) CHECK(aws.find(place.region, other.region) != nullptr);
    CHECK(find_place(place.region)->region == place.region);
    CHECK(find_place(place.where)->region == place.region);
    if (!place.word.empty()) CHECK(words.insert(place.word).second);
    if (!place.word.empty()) CHECK(find_place(place.word)->region == place.region);
  }
  CHECK(places().size() == aws.regions.size());
  CHECK(find_place("Europe")->region == "eu-west-1");
  CHECK(find_place("America")->region == "us-east-1");
  CHECK_FALSE(find_place("").has_value());
  CHECK_FALSE(find_place("atlantis").has_value());
}

}  // namespace
}  // namespace parallax::scenarios::data
