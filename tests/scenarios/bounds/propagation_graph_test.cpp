#include "scenarios/bounds/propagation_graph.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <random>

#include "scenarios/bounds/spreading.h"

namespace parallax::bounds {
namespace {

using domain::DeclaredStage;
using domain::Stage;
using sim::Duration;
using Place = PropagationGraph::Place;
using Times = std::vector<std::optional<Duration>>;
using enum PropagationGraph::Extreme;

DeclaredStage takes(std::int64_t least, std::int64_t greatest) {
  return {Stage::kBroker, Duration{least}, Duration{greatest}};
}

Times times(const PropagationGraph& graph, Place start, PropagationGraph::Extreme extreme) {
  const auto length = extreme == kLatest ? greatest_of : least_of;
  Times out;
  for (const auto& arrival : graph.arrivals({{start, {}}}, extreme, length)) out.push_back(arrival.at);
  return out;
}

// The same by going over all legs until nothing changes any more, from "never" downwards where the first counts and
// where all do.
Times by_repetition(const PropagationGraph& graph, const std::vector<Join>& joins, Place start,
                    PropagationGraph::Extreme extreme) {
  Times at(graph.size());
  at[start] = Duration{};
  for (bool changes = true; changes;) {
    changes = false;
    for (Place place = 0; place < graph.size(); ++place) {
      if (place == start) continue;
      std::optional<Duration> first, last;
      bool all_are_there = true;
      bool has_legs = false;
      for (const auto& leg : graph.legs()) {
        if (leg.to != place) continue;
        has_legs = true;
        const auto length = extreme == kLatest ? greatest_of(leg) : least_of(leg);
        if (!at[leg.from] || !length) {
          all_are_there = false;
          continue;
        }
        const Duration there = *at[leg.from] + *length;
        first = first ? std::min(*first, there) : there;
        last = last ? std::max(*last, there) : there;
      }
      const bool needs_all = joins[place] == Join::kAll || (joins[place] == Join::kUncertain && extreme == kLatest);
      const auto now = needs_all ? (has_legs && all_are_there ? last : std::nullopt) : first;
      if (now == at[place]) continue;
      at[place] = now;
      changes = true;
    }
  }
  return at;
}

}  // namespace

// a -> b [1, 4], a -> c [2, 3], b -> d [1, 1], c -> d [5, 6]: over b d is reached in [2, 5], over c in [7, 9].
TEST_CASE("whichever comes first counts, or all, or nobody knows which") {
  for (const auto& [join, earliest, latest] :
       {std::tuple{Join::kFirst, 2, 5}, std::tuple{Join::kAll, 7, 9}, std::tuple{Join::kUncertain, 2, 9}}) {
    PropagationGraph graph;
    const Place a = graph.add("a");
    const Place b = graph.add("b");
    const Place c = graph.add("c");
    const Place d = graph.add("d", join);
    graph.lead(a, b, {takes(1, 4)}, {});
    graph.lead(a, c, {takes(1, 2), takes(1, 1)}, {});
    graph.lead(b, d, {takes(1, 1)}, {});
    graph.lead(c, d, {takes(5, 6)}, {});
    CHECK(times(graph, a, kEarliest)[d] == Duration{earliest});
    CHECK(times(graph, a, kLatest)[d] == Duration{latest});
  }
}

TEST_CASE("a leg without an end and a cycle in which each waits for the other are never passed") {
  PropagationGraph graph;
  const Place a = graph.add("a");
  const Place b = graph.add("b", Join::kAll);
  const Place c = graph.add("c", Join::kAll);
  const Place d = graph.add("d");
  graph.lead(a, b, {takes(1, 1)}, {});
  graph.lead(c, b, {takes(1, 1)}, {});
  graph.lead(b, c, {takes(1, 1)}, {});
  graph.lead(a, d, {takes(3, 3), domain::stage_without_end(Stage::kBroker, "it is never sent again")}, {});
  const auto arrivals = graph.arrivals({{a, {}}}, kLatest, greatest_of);
  CHECK(!arrivals[b].at);
  CHECK(!arrivals[c].at);
  CHECK(!arrivals[d].at);
  CHECK(graph.unreached_legs_to(d, arrivals) == std::vector<std::size_t>{3});
  CHECK(times(graph, a, kEarliest)[d] == Duration{3});
}

TEST_CASE("the way to a place is the one by which its arrival came") {
  PropagationGraph graph;
  const Place a = graph.add("a");
  const Place b = graph.add("b");
  const Place c = graph.add("c", Join::kAll);
  graph.lead(a, b, {takes(2, 2)}, {});
  graph.lead(a, c, {takes(1, 1)}, {});
  graph.lead(b, c, {takes(3, 3)}, {});
  const auto arrivals = graph.arrivals({{a, {}}}, kLatest, greatest_of);
  CHECK(arrivals[c].at == Duration{5});
  CHECK(graph.way_to(c, arrivals) == std::vector<std::size_t>{0, 2});
}

TEST_CASE("in random graphs arrivals are the least solution that repetition finds too") {
  std::mt19937_64 random{20'261'129};
  const auto below = [&random](std::size_t n) { return static_cast<std::size_t>(random() % n); };
  for (int round = 0; round < 2'000; ++round) {
    PropagationGraph graph;
    std::vector<Join> joins;
    const std::size_t places = 2 + below(8);
    for (std::size_t i = 0; i < places; ++i) {
      joins.push_back(static_cast<Join>(below(3)));
      graph.add(std::to_string(i), joins.back());
    }
    for (std::size_t legs = below(3 * places); legs > 0; --legs) {
      // A leg that takes no time would let a cycle be settled by itself in one order and not in the other.
      const auto least = static_cast<std::int64_t>(1 + below(9));
      DeclaredStage stage = takes(least, least + static_cast<std::int64_t>(below(9)));
      if (below(8) == 0) stage.greatest.reset();
      const Place to = 1 + below(places - 1);
      graph.lead(below(places), to, {stage}, {});
    }
    for (const auto extreme : {kEarliest, kLatest}) {
      REQUIRE(times(graph, 0, extreme) == by_repetition(graph, joins, 0, extreme));
    }
  }
}

}  // namespace parallax::bounds
