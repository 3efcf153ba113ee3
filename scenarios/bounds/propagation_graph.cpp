#include "scenarios/bounds/propagation_graph.h"

#include <algorithm>
#include <functional>
#include <queue>
#include <tuple>
#include <utility>

namespace parallax::bounds {

PropagationGraph::Place PropagationGraph::add(std::string name) {
  return boost::add_vertex(Vertex{std::move(name)}, graph_);
}

void PropagationGraph::lead(Place from, Place to, domain::DeclaredStages stages, Exposure exposure) {
  boost::add_edge(from, to, Edge{legs_.size()}, graph_);
  legs_.push_back({from, to, std::move(stages), exposure});
}

namespace {

/// An arrival that has not been settled. Of two at one instant the one that was found first counts, on every machine.
struct Candidate {
  sim::Duration at;
  std::size_t found;
  PropagationGraph::Place place;
  std::optional<std::size_t> by;
  bool operator>(const Candidate& other) const { return std::tie(at, found) > std::tie(other.at, other.found); }
};

}  // namespace

// Not Boost's: which of two ways of one length it takes is nowhere said, and the way is shown.
std::vector<PropagationGraph::Arrival> PropagationGraph::arrivals(const std::vector<Start>& starts,
                                                                  const Takes& takes) const {
  std::vector<Arrival> settled(size());
  std::priority_queue<Candidate, std::vector<Candidate>, std::greater<>> open;
  std::size_t found = 0;
  for (const Start& start : starts) open.push({start.at, found++, start.place, std::nullopt});
  while (!open.empty()) {
    const Candidate next = open.top();
    open.pop();
    if (settled[next.place].at) continue;
    settled[next.place] = {next.at, next.by};
    for (auto [edge, end] = boost::out_edges(next.place, graph_); edge != end; ++edge) {
      const std::size_t number = graph_[*edge].leg;
      const std::optional<sim::Duration> length = takes(legs_[number]);
      if (length) open.push({next.at + *length, found++, legs_[number].to, number});
    }
  }
  return settled;
}

std::vector<std::size_t> PropagationGraph::way_to(Place place, const std::vector<Arrival>& arrivals) const {
  std::vector<std::size_t> way;
  while (arrivals[place].by) {
    way.push_back(*arrivals[place].by);
    place = legs_[way.back()].from;
  }
  std::reverse(way.begin(), way.end());
  return way;
}

std::vector<std::size_t> PropagationGraph::legs_to(Place place) const {
  std::vector<std::size_t> legs;
  walk_back(place, [&](std::size_t leg) {
    legs.push_back(leg);
    return true;
  });
  return legs;
}

// Back over what has not arrived.
std::vector<std::size_t> PropagationGraph::unreached_legs_to(Place place, const std::vector<Arrival>& arrivals) const {
  std::vector<std::size_t> legs;
  walk_back(place, [&](std::size_t leg) {
    const bool has_begun = arrivals[legs_[leg].from].at.has_value();
    if (has_begun) legs.push_back(leg);
    return !has_begun;
  });
  return legs;
}

// Nearest first. `goes_on`: from the beginning of this leg too.
void PropagationGraph::walk_back(Place place, const std::function<bool(std::size_t leg)>& goes_on) const {
  std::vector<std::uint8_t> seen(size());
  std::queue<Place> open;
  open.push(place);
  for (; !open.empty(); open.pop()) {
    const Place here = open.front();
    if (std::exchange(seen[here], std::uint8_t{1}) != 0) continue;
    for (auto [edge, end] = boost::in_edges(here, graph_); edge != end; ++edge) {
      if (goes_on(graph_[*edge].leg)) open.push(legs_[graph_[*edge].leg].from);
    }
  }
}

}  // namespace parallax::bounds
