#include "sim/network.h"

#include <algorithm>
#include <boost/graph/adjacency_list.hpp>
#include <boost/graph/dijkstra_shortest_paths.hpp>
#include <cassert>
#include <limits>
#include <utility>

namespace parallax::sim {

namespace {

constexpr VirtualTime kBeforeAll{std::numeric_limits<std::int64_t>::min()};

struct Edge {
  LinkId link;
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
std::vector<std::vector<LinkId>> shortest_ways(const Graph& graph, std::size_t source) {
  const std::size_t count = num_vertices(graph);
  std::vector<std::int64_t> distance(count);
  std::vector<std::size_t> previous(count);
  boost::dijkstra_shortest_paths(graph, source,
                                 boost::weight_map(boost::get(&Edge::weight, graph))
                                     .distance_map(distance.data())
                                     .predecessor_map(previous.data()));
  std::vector<std::vector<LinkId>> ways(count);
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

Network::Network(NetworkSpec spec)
    : spec_{std::move(spec)},
      is_end_(spec_.sites),
      outages_(spec_.links.size()),
      latest_ends_(spec_.links.size()),
      disturbances_(spec_.links.size()),
      conditions_(spec_.links.size()) {
  for (const SiteId site : spec_.end_sites) is_end_[index(site)] = 1;
  for (const ConditionalOutage& outage : spec_.conditional) conditions_[index(outage.link)].push_back(outage.fault);
  for (const LinkOutage& outage : spec_.outages) {
    assert(outage.from < outage.until);
    outages_[index(outage.link)].push_back(outage);
    edges_.push_back(outage.from);
    edges_.push_back(outage.until);
  }
  for (std::size_t link = 0; link < outages_.size(); ++link) {
    auto& of_link = outages_[link];
    std::stable_sort(of_link.begin(), of_link.end(), [](const auto& a, const auto& b) { return a.from < b.from; });
    VirtualTime latest = kBeforeAll;
    for (const LinkOutage& outage : of_link) latest_ends_[link].push_back(latest = std::max(latest, outage.until));
  }
  for (std::uint32_t i = 0; i < spec_.disturbances.size(); ++i) {
    disturbances_[index(spec_.disturbances[i].link)].push_back(i);
  }
  std::sort(edges_.begin(), edges_.end());
  edges_.erase(std::unique(edges_.begin(), edges_.end()), edges_.end());
}

std::vector<std::vector<LinkId>> Network::ways_from(SiteId source, const Usable& usable) const {
  Graph graph(spec_.sites);
  for (std::size_t i = 0; i < spec_.links.size(); ++i) {
    const LinkSpec& link = spec_.links[i];
    const bool passes_end_site = is_end_[index(link.from)] != 0 && link.from != source;
    if (passes_end_site || !usable(static_cast<LinkId>(i))) continue;
    add_edge(index(link.from), index(link.to), Edge{static_cast<LinkId>(i), weight_of(link, spec_.sites)}, graph);
  }
  return shortest_ways(graph, index(source));
}

Network::Epoch Network::epoch_at(VirtualTime t) const {
  const auto after = std::upper_bound(edges_.begin(), edges_.end(), t);
  return {after == edges_.begin() ? kBeforeAll : *std::prev(after), after == edges_.end() ? kNever : *after};
}

// The first that ends after t: before it all have ended, and those behind it begin no sooner. A link that flaps for
// days has a hundred thousand.
std::optional<std::uint32_t> Network::outage_at(LinkId link, VirtualTime t) const {
  const std::vector<VirtualTime>& ends = latest_ends_[index(link)];
  const auto found = std::upper_bound(ends.begin(), ends.end(), t);
  if (found == ends.end()) return std::nullopt;
  const LinkOutage& outage = outages_[index(link)][static_cast<std::size_t>(found - ends.begin())];
  return outage.from <= t ? std::optional{outage.fault} : std::nullopt;
}

const Spell* spell_at(const std::vector<Spell>& spells, VirtualTime t) {
  const auto later = std::upper_bound(spells.begin(), spells.end(), t,
                                      [](VirtualTime when, const Spell& spell) { return when < spell.from; });
  if (later == spells.begin() || t >= std::prev(later)->until) return nullptr;
  return &*std::prev(later);
}

std::optional<std::uint32_t> Network::refusal_at(SiteId from, SiteId to, VirtualTime t) const {
  std::optional<std::uint32_t> by;
  VirtualTime since = kNever;
  for (const Refusal& refusal : spec_.refusals) {
    if (refusal.from != from || refusal.to != to) continue;
    const Spell* spell = spell_at(refusal.spells, t);
    if (spell == nullptr || spell->from >= since) continue;
    by = refusal.fault;
    since = spell->from;
  }
  return by;
}

std::optional<Duration> Network::least_delay(SiteId from, SiteId to) const {
  const auto way = ways_from(from, [](LinkId) { return true; })[index(to)];
  if (way.empty() && from != to) return std::nullopt;
  Duration sum{};
  for (const LinkId link : way) sum += links()[index(link)].delay.least();
  return sum;
}

}  // namespace parallax::sim
