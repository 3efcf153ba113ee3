// What a result says of conflicts between databases and of streams that stood still.
#include <catch2/catch.hpp>
#include <set>
#include <string>

#include "scenarios/run.h"
#include "tests/scenarios/sample.h"

namespace parallax::scenarios {
namespace {

// One subscription in each data center, of the same number: the gap between the two is far below the minute that the
// sequences would need to be apart.
schema::Result result_of(const std::string& keys, const std::string& replication, std::vector<std::uint64_t> seeds) {
  const LoadOutcome outcome = load(
      "name: \"clash\" duration: \"1m\"\n"
      "sites { name: \"dc1\" nodes: \"a\" database { keys { strategy: \"" +
      keys +
      "\" } } }\n"
      "sites { name: \"dc2\" nodes: \"b\" database { keys { strategy: \"" +
      keys +
      "\" } } }\n"
      "links { from: \"dc1\" to: \"dc2\" delay { constant: \"1s\" } }\n"
      "replications { from: \"dc1\" to: \"dc2\" profile: \"postgresql_logical\" " +
      replication +
      " }\n"
      "workload { writes { name: \"w1\" site: \"dc1\" from: \"20s\" until: \"40s\" add_subscriptions { rate: \"2/s\" } "
      "}\n"
      "           writes { name: \"w2\" site: \"dc2\" from: \"20s\" until: \"40s\" add_subscriptions { rate: \"2/s\" } "
      "} }\n");
  INFO(complaints(outcome));
  REQUIRE(outcome.loaded);
  RunOptions options;
  options.seeds = std::move(seeds);
  return run(*outcome.loaded, options).result;
}

TEST_CASE("a stop names target, origin, time, retries and what waits, and its conflict row, table and winner") {
  const schema::Result result = result_of("alike", "", {3});
  REQUIRE(result.stream_stops_size() == 2);
  for (const schema::StreamStop& stop : result.stream_stops()) {
    CHECK(stop.seed() == 3);
    CHECK(stop.database() == (stop.from() == "dc1" ? "dc2" : "dc1"));
    CHECK(stop.begin_ns() > 21'000'000'000);  // 20 s and the way
    CHECK_FALSE(stop.has_end_ns());
    CHECK(stop.retries() > 0);
    CHECK(stop.waiting() > 0);
    CHECK_FALSE(stop.given_up());
    CHECK(stop.database_kind() == "api");
  }
  REQUIRE(result.first_conflicts_size() > 2);
  const schema::ConflictSeen& first = result.first_conflicts(0);
  CHECK(first.kind() == "insert_insert");
  CHECK(first.outcome() == "stopped");
  CHECK(first.table() == "AM_SUBSCRIPTION");
  CHECK(first.row() > 100);
  CHECK(first.database_kind() == "api");
  CHECK(first.origin() != first.database());
  CHECK(first.id().starts_with("3/" + first.database() + "/"));
  CHECK(first.time_ns() == result.stream_stops(0).begin_ns());
  // One tally for each direction; each of the tries is counted.
  REQUIRE(result.conflicts_size() == 2);
  for (int i = 0; i < 2; ++i) {
    const schema::ConflictTally& tally = result.conflicts(i);
    CHECK(tally.table() == "AM_SUBSCRIPTION");
    const schema::StreamStop& stop = result.stream_stops(result.stream_stops(0).database() == tally.database() ? 0 : 1);
    CHECK(tally.count() == stop.retries() + 1);
    CHECK(tally.origin() == stop.from());
  }
}

// API databases collide in their sequences from 20 s on, statistics databases in their first rows, at the first
// minute's end: two streams each way, and all four stand still.
TEST_CASE("streams of API databases and of statistics databases stop each for themselves") {
  const LoadOutcome outcome = load(
      "name: \"clash\" duration: \"3m\"\n"
      "sites { name: \"dc1\" nodes: \"a\" analytics { summarise_interval: \"1m\" } database { keys { strategy: "
      "\"alike\" } } }\n"
      "sites { name: \"dc2\" nodes: \"b\" analytics { summarise_interval: \"1m\" } database { keys { strategy: "
      "\"alike\" } } }\n"
      "regions { name: \"u1\" prefers: \"dc1\" } regions { name: \"u2\" prefers: \"dc2\" }\n"
      "links { from: \"dc1\" to: \"dc2\" delay { constant: \"1s\" } }\n"
      "links { from: \"u1\" to: \"dc1\" delay { constant: \"5ms\" } }\n"
      "links { from: \"u2\" to: \"dc2\" delay { constant: \"5ms\" } }\n"
      "replications { from: \"dc1\" to: \"dc2\" profile: \"postgresql_logical\" }\n"
      "statistics { data_center_in_key: false ask_interval: \"1m\" profile: \"postgresql_logical\" }\n"
      "workload { populations { name: \"p1\" region: \"u1\" rate: \"5/s\" }\n"
      "           populations { name: \"p2\" region: \"u2\" rate: \"5/s\" }\n"
      "           writes { name: \"w1\" site: \"dc1\" from: \"20s\" until: \"40s\" add_subscriptions { rate: \"2/s\" } "
      "}\n"
      "           writes { name: \"w2\" site: \"dc2\" from: \"20s\" until: \"40s\" add_subscriptions { rate: \"2/s\" } "
      "} }\n");
  INFO(complaints(outcome));
  REQUIRE(outcome.loaded);
  const schema::Result result = run(*outcome.loaded, {}).result;
  std::set<std::string> stopped;
  for (const schema::StreamStop& stop : result.stream_stops()) {
    stopped.insert(stop.from() + " " + stop.database_kind());
    CHECK_FALSE(stop.has_end_ns());
    CHECK((stop.begin_ns() >= 60'000'000'000) == (stop.database_kind() == "statistics"));
  }
  CHECK(result.stream_stops_size() == 4);
  CHECK(stopped == std::set<std::string>{"dc1 api", "dc1 statistics", "dc2 api", "dc2 statistics"});
  for (const schema::ConflictSeen& conflict : result.first_conflicts()) {
    CHECK(conflict.database_kind() == (conflict.table() == "AM_SUBSCRIPTION" ? "api" : "statistics"));
  }
}

TEST_CASE("a stop that an operator ended has an end, and what was left out is tallied as such") {
  const schema::Result result = result_of("alike", "operator_after: \"3s\"", {3});
  REQUIRE(result.stream_stops_size() > 0);
  const schema::StreamStop& stop = result.stream_stops(0);
  REQUIRE(stop.has_end_ns());
  CHECK(stop.end_ns() >= stop.begin_ns() + 3'000'000'000);
  bool left_out = false;
  for (const auto& tally : result.conflicts()) left_out |= tally.kind() == "left_out" && tally.outcome() == "skipped";
  CHECK(left_out);
}

TEST_CASE("tallies are summed over the seeds, and the conflicts of all seeds share one list of a hundred") {
  const schema::Result one = result_of("alike", "conflicts { insert_insert: \"discard\" }", {1});
  const schema::Result more = result_of("alike", "conflicts { insert_insert: \"discard\" }", {1, 2, 3, 4, 5, 6, 7, 8});
  const auto total = [](const schema::Result& result) {
    std::uint64_t sum = 0;
    for (const auto& tally : result.conflicts()) sum += tally.count();
    return sum;
  };
  CHECK(total(one) > 0);
  CHECK(total(more) > total(one));
  CHECK(more.first_conflicts_size() == static_cast<int>(std::min<std::uint64_t>(total(more), 100)));
  CHECK(more.first_conflicts(0).id() == one.first_conflicts(0).id());
  CHECK(more.stream_stops_size() == 0);
}

TEST_CASE("without conflicts the tables are empty") {
  const schema::Result result = result_of("increment", "", {1});
  CHECK(result.conflicts_size() == 0);
  CHECK(result.first_conflicts_size() == 0);
  CHECK(result.stream_stops_size() == 0);
}

}  // namespace
}  // namespace parallax::scenarios
