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

DeclaredStage takes(std::int64_t least, std::int64_t greatest) {
  return {Stage::kBroker, Duration{least}, Duration{greatest}};
}

Times times(const PropagationGraph& graph, Place start, const PropagationGraph::Takes& length) {
  Times out;
  for (const auto& arrival : graph.arrivals({{start, {}}}, length)) out.push_back(arrival.at);
  return out;
}

// Bellman and Ford: over all legs until nothing comes sooner any more.
Times by_repetition(const PropagationGraph& graph, Place start, const PropagationGraph::Takes& length) {
  Times at(graph.size());
  at[start] = Duration{};
  for (bool changes = true; changes;) {
    changes = false;
    for (const auto& leg : graph.legs()) {
      const auto takes = length(leg);
      if (!at[leg.from] || !takes) continue;
      const Duration there = *at[leg.from] + *takes;
      if (at[leg.to] && *at[leg.to] <= there) continue;
      at[leg.to] = there;
      changes = true;
    }
  }
  return at;
}

}  // namespace

// a -> b [1, 4], a -> c [2, 3], b -> d [1, 1], c -> d [5, 6]: over b d is reached in [2, 5], over c in [7, 9].
TEST_CASE("of several ways the one that comes first counts") {
  PropagationGraph graph;
  const Place a = graph.add("a");
  const Place b = graph.add("b");
  const Place c = graph.add("c");
  const Place d = graph.add("d");
  graph.lead(a, b, {takes(1, 4)}, {});
  graph.lead(a, c, {takes(1, 2), takes(1, 1)}, {});
  graph.lead(b, d, {takes(1, 1)}, {});
  graph.lead(c, d, {takes(5, 6)}, {});
  CHECK(times(graph, a, least_of)[d] == Duration{2});
  CHECK(times(graph, a, greatest_of)[d] == Duration{5});
}

TEST_CASE("a leg without an end is never passed, nor is what nothing leads to") {
  PropagationGraph graph;
  const Place a = graph.add("a");
  const Place b = graph.add("b");
  const Place c = graph.add("c");
  const Place d = graph.add("d");
  graph.lead(c, b, {takes(1, 1)}, {});
  graph.lead(b, c, {takes(1, 1)}, {});
  graph.lead(a, d, {takes(3, 3), domain::stage_without_end(Stage::kBroker, "it is never sent again")}, {});
  const auto arrivals = graph.arrivals({{a, {}}}, greatest_of);
  CHECK(!arrivals[b].at);
  CHECK(!arrivals[c].at);
  CHECK(!arrivals[d].at);
  CHECK(graph.unreached_legs_to(c, arrivals).empty());
  CHECK(graph.unreached_legs_to(d, arrivals) == std::vector<std::size_t>{2});
  CHECK(times(graph, a, least_of)[d] == Duration{3});
}

TEST_CASE("the way to a place is the one by which its arrival came, of equals the first") {
  PropagationGraph graph;
  const Place a = graph.add("a");
  const Place b = graph.add("b");
  const Place c = graph.add("c");
  graph.lead(a, c, {takes(6, 6)}, {});
  graph.lead(a, b, {takes(2, 2)}, {});
  graph.lead(b, c, {takes(3, 3)}, {});
  graph.lead(b, c, {takes(3, 3)}, {});
  const auto arrivals = graph.arrivals({{a, {}}}, greatest_of);
  CHECK(arrivals[c].at == Duration{5});
  CHECK(graph.way_to(c, arrivals) == std::vector<std::size_t>{1, 2});
}

TEST_CASE("in random graphs arrivals are what repetition finds too") {
  std::mt19937_64 random{20'261'129};
  const auto below = [&random](std::size_t n) { return static_cast<std::size_t>(random() % n); };
  for (int round = 0; round < 2'000; ++round) {
    PropagationGraph graph;
    const std::size_t places = 2 + below(8);
    for (std::size_t i = 0; i < places; ++i) graph.add(std::to_string(i));
    for (std::size_t legs = below(3 * places); legs > 0; --legs) {
      const auto least = static_cast<std::int64_t>(below(10));
      DeclaredStage stage = takes(least, least + static_cast<std::int64_t>(below(9)));
      if (below(8) == 0) stage.greatest.reset();
      graph.lead(below(places), below(places), {stage}, {});
    }
    for (const PropagationGraph::Takes& length :
         {PropagationGraph::Takes{least_of}, PropagationGraph::Takes{greatest_of}}) {
      REQUIRE(times(graph, 0, length) == by_repetition(graph, 0, length));
    }
  }
}

}  // namespace parallax::bounds
