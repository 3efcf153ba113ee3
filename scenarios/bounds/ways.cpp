#include "scenarios/bounds/ways.h"

#include <algorithm>
#include <set>

namespace parallax::bounds {

using domain::WaySpan;
using sim::LinkId;
using sim::SiteId;

namespace {

constexpr std::string_view kNoLink = "no link leads there";
constexpr std::string_view kLossy = "a link loses messages, and nothing says how often one has to be sent again";

sim::Network network_of(const world::WorldConfig& config) {
  std::vector<SiteId> regions;
  for (std::size_t i = 0; i < config.sites.size(); ++i) {
    if (config.sites[i].nodes.empty()) regions.push_back(static_cast<SiteId>(i));
  }
  return sim::Network{{config.sites.size(), config.links, {}, {}, std::move(regions), config.disturbances, {}}};
}

std::set<LinkId> links_with_outages(const world::WorldConfig& config) {
  std::set<LinkId> links;
  for (const sim::LinkOutage& outage : config.outages) links.insert(outage.link);
  return links;
}

WaySpan longer(const WaySpan& way, const WaySpan& other) {
  if (!way.greatest || !other.greatest) return {way.least, std::nullopt, way.greatest ? other.why : way.why};
  return {way.least, std::max(*way.greatest, *other.greatest), {}};
}

}  // namespace

Ways::Ways(const world::WorldConfig& config) {
  const sim::Network network = network_of(config);
  const std::size_t sites = config.sites.size();
  const std::set<LinkId> cut = links_with_outages(config);
  for (std::size_t from = 0; from < sites; ++from) {
    const auto ways_without = [&](const std::set<LinkId>& down) {
      return network.ways_from(static_cast<SiteId>(from), [&](LinkId link) { return !down.contains(link); });
    };
    links_.push_back(ways_without({}));
    auto& spans = spans_.emplace_back();
    for (std::size_t to = 0; to < sites; ++to)
      spans.push_back(from == to ? WaySpan{} : span_of(links_[from][to], config));
    if (cut.empty()) continue;
    // Ways round: without each link that is ever down, and without all of them.
    const auto may_take = [&](const std::vector<std::vector<LinkId>>& ways) {
      for (std::size_t to = 0; to < sites; ++to) {
        if (from != to && !ways[to].empty()) spans[to] = longer(spans[to], span_of(ways[to], config));
      }
    };
    for (const LinkId link : cut) may_take(ways_without({link}));
    may_take(ways_without(cut));
  }
}

WaySpan Ways::span_of(const std::vector<LinkId>& way, const world::WorldConfig& config) const {
  if (way.empty()) return {{}, std::nullopt, kNoLink};
  WaySpan span;
  bool is_lossy = false;
  for (const LinkId id : way) {
    const sim::LinkSpec& link = config.links[sim::index(id)];
    span.least += link.delay.least();
    *span.greatest += link.delay.greatest();
    is_lossy |= link.loss > 0;
    for (const sim::Disturbance& disturbance : config.disturbances) {
      if (disturbance.link != id || disturbance.spells.empty()) continue;
      *span.greatest += disturbance.adds.greatest();
      is_lossy |= disturbance.loss > 0;
    }
  }
  if (is_lossy) return {span.least, std::nullopt, kLossy};
  return span;
}

}  // namespace parallax::bounds
