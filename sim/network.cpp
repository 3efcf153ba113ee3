#include "sim/network.h"

#include <algorithm>
#include <boost/graph/adjacency_list.hpp>
#include <boost/graph/dijkstra_shortest_paths.hpp>
#include <cassert>
#include <limits>
#include <utility>

#include "sim/random.h"

namespace parallax::sim {

namespace {

struct Edge {
  std::size_t link;
  std::int64_t weight;
};
// vecS: vertices are indices, so no pointer orders anything.
using Graph = boost::adjacency_list<boost::vecS, boost::vecS, boost::directedS, boost::no_property, Edge>;

// One for the link itself, so that among ways of equal delay the one with fewer links wins; a way has fewer links than
// there are sites, so their number never outweighs a nanosecond of delay.
std::int64_t weight_of(const LinkSpec& link, std::size_t sites) {
  return link.delay.least().ns * static_cast<std::int64_t>(sites) + 1;
}

// Links of the way to each site from `source`, by Dijkstra. The edge that improves a site last is its way in.
std::vector<std::vector<std::size_t>> ways_from(const Graph& graph, std::size_t source) {
  const std::size_t count = num_vertices(graph);
  std::vector<std::int64_t> distance(count);
  std::vector<std::size_t> previous(count);
  boost::dijkstra_shortest_paths(graph, source,
                                 boost::weight_map(boost::get(&Edge::weight, graph))
                                     .distance_map(distance.data())
                                     .predecessor_map(previous.data()));
  std::vector<std::vector<std::size_t>> ways(count);
  for (std::size_t target = 0; target < count; ++target) {
    for (std::size_t at = target; previous[at] != at; at = previous[at]) {
      std::optional<Edge> best;
      for (auto [edge, end] = out_edges(previous[at], graph); edge != end; ++edge) {
        if (boost::target(*edge, graph) != at) continue;
        if (!best || graph[*edge].weight < best->weight) best = graph[*edge];
      }
      ways[target].push_back(best->link);
    }
    std::reverse(ways[target].begin(), ways[target].end());
  }
  return ways;
}

}  // namespace

Network::Network(std::size_t sites, std::vector<LinkSpec> links, std::vector<LinkOutage> outages,
                 const std::vector<SiteId>& end_sites)
    : sites_{sites}, is_end_(sites), links_{std::move(links)}, outages_(links_.size()) {
  for (const SiteId site : end_sites) is_end_[index(site)] = 1;
  std::vector<VirtualTime> edges{VirtualTime{std::numeric_limits<std::int64_t>::min()}};
  for (const LinkOutage& outage : outages) {
    assert(outage.from < outage.until);
    outages_[static_cast<std::size_t>(outage.link)].push_back(outage);
    edges.push_back(outage.from);
    edges.push_back(outage.until);
  }
  for (auto& of_link : outages_) {
    std::stable_sort(of_link.begin(), of_link.end(), [](const auto& a, const auto& b) { return a.from < b.from; });
  }
  std::sort(edges.begin(), edges.end());
  edges.erase(std::unique(edges.begin(), edges.end()), edges.end());
  for (const VirtualTime from : edges) epochs_.push_back(build_epoch(from));
}

Network::Epoch Network::build_epoch(VirtualTime from) const {
  Epoch epoch{from, std::vector<std::vector<Hop>>(sites_ * sites_)};
  for (std::size_t source = 0; source < sites_; ++source) {
    Graph graph(sites_);
    for (std::size_t link = 0; link < links_.size(); ++link) {
      const bool passes_end_site = is_end_[index(links_[link].from)] != 0 && index(links_[link].from) != source;
      if (passes_end_site || outage_at(static_cast<LinkId>(link), from)) continue;
      add_edge(index(links_[link].from), index(links_[link].to), Edge{link, weight_of(links_[link], sites_)}, graph);
    }
    const auto ways = ways_from(graph, source);
    for (std::size_t target = 0; target < sites_; ++target) {
      for (const std::size_t link : ways[target]) {
        epoch.routes[source * sites_ + target].push_back(
            {static_cast<LinkId>(link), chance_threshold(links_[link].loss)});
      }
    }
  }
  return epoch;
}

const Network::Epoch& Network::epoch_at(VirtualTime t) const {
  if (epochs_.size() == 1) return epochs_.front();
  const auto after =
      std::upper_bound(epochs_.begin(), epochs_.end(), t, [](VirtualTime at, const Epoch& e) { return at < e.from; });
  return *std::prev(after);
}

const std::vector<Network::Hop>& Network::hops(SiteId from, SiteId to, VirtualTime t) const {
  return epoch_at(t).routes[pair(from, to)];
}

std::optional<std::vector<LinkId>> Network::route(SiteId from, SiteId to, VirtualTime t) const {
  std::vector<LinkId> links;
  for (const Hop& hop : hops(from, to, t)) links.push_back(hop.link);
  if (links.empty() && from != to) return std::nullopt;
  return links;
}

std::optional<std::uint32_t> Network::outage_at(LinkId link, VirtualTime t) const {
  for (const LinkOutage& outage : outages_[static_cast<std::size_t>(link)]) {
    if (outage.from <= t && t < outage.until) return outage.fault;
  }
  return std::nullopt;
}

std::optional<std::uint32_t> Network::cut_at(SiteId from, SiteId to, VirtualTime t) const {
  if (from == to || !hops(from, to, t).empty()) return std::nullopt;
  for (const Hop& hop : undisturbed().routes[pair(from, to)]) {
    if (const auto fault = outage_at(hop.link, t)) return fault;
  }
  return std::nullopt;
}

std::optional<Duration> Network::least_delay(SiteId from, SiteId to) const {
  const auto& way = undisturbed().routes[pair(from, to)];
  if (way.empty() && from != to) return std::nullopt;
  Duration sum{};
  for (const Hop& hop : way) sum += delay(hop.link).least();
  return sum;
}

}  // namespace parallax::sim
