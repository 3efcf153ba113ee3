#include "scenarios/bounds/dependencies.h"

#include <algorithm>

#include "scenarios/bounds/map.h"

namespace parallax::bounds {

using runtime::Part;
using sim::SiteId;

namespace {

constexpr std::array kAllParts{Part::kGateway, Part::kKeyManager, Part::kTrafficManager, Part::kControlPlane};

std::string_view part_words(Part part) {
  switch (part) {
    case Part::kGateway:
      return "its calls are not served";
    case Part::kKeyManager:
      return "it issues and revokes no tokens";
    case Part::kTrafficManager:
      return "nobody counts its requests";
    case Part::kControlPlane:
      return "nothing is published there";
  }
  return "";
}

class Needs {
 public:
  explicit Needs(const world::WorldConfig& config) : config_{config} {}

  std::vector<Dependency> all() && {
    for (std::size_t i = 0; i < config_.sites.size(); ++i) {
      const world::SiteConfig& site = config_.sites[i];
      if (!site.nodes.empty()) add_site(static_cast<SiteId>(i), site);
    }
    for (const world::ReplicationConfig& stream : config_.replications) {
      add(Path::kReplication, stream.to, stream.from, "rows come from its database, and wait for it");
    }
    for (const world::PopulationConfig& population : config_.populations) add_population(population);
    for (const world::RegionConfig& region : config_.regions) add_region(region);
    std::stable_sort(needs_.begin(), needs_.end(),
                     [](const Dependency& one, const Dependency& other) { return one.path < other.path; });
    return std::move(needs_);
  }

 private:
  void add(Path path, SiteId who, SiteId whom, std::string why) {
    if (who != whom) needs_.push_back({path, name(who), name(whom), std::move(why)});
  }
  const std::string& name(SiteId site) const { return config_.sites[sim::index(site)].name; }

  void add_site(SiteId here, const world::SiteConfig& site) {
    const bool is_opaque = site.node.gateway.tokens == logic::tokens::TokenType::kOpaque;
    const SiteId database = site.database_at.value_or(here);
    if (is_opaque) {
      add(Path::kRequests, here, site.validates_at.value_or(database),
          "its gateways ask there about a token that they have not cached");
    }
    add(Path::kTokens, here, database, "its key managers write tokens to the database there");
    add(Path::kWriting, here, database, "what is subscribed or published here is written to the database there");
    if (site.database.is_read_only && !site.database_at) {
      for (const world::ReplicationConfig& stream : config_.replications) {
        if (stream.to == here) add(Path::kWriting, here, stream.from, "its own database is read only");
      }
    }
    add_counting(here, site);
    add_publishing(here, site);
    add_start(here, site, database);
    if (sequence_is_common()) {
      add(Path::kWriting, here, config_.sequence_home, "new keys come from the common sequence there");
    }
  }

  void add_counting(SiteId here, const world::SiteConfig& site) {
    for (const SiteId there : site.counted_at) {
      add(Path::kLimits, here, there,
          site.node.is_counted_here ? "its requests are counted there too" : "its requests are counted there alone");
    }
    for (const world::CacheClusterConfig& cluster : config_.cache_clusters) {
      if (std::find(cluster.sites.begin(), cluster.sites.end(), here) == cluster.sites.end()) continue;
      for (const SiteId there : cluster.sites) {
        add(Path::kRequests, here, there, "members of its shared token cache are there: calls for it wait for a cut");
      }
    }
  }

  void add_publishing(SiteId here, const world::SiteConfig& site) {
    if (site.pulls) add(Path::kPublishing, here, site.pulls->source, "its gateways pull new APIs from there");
    if (site.files) add(Path::kPublishing, here, site.files->of, "its gateways have new APIs from the files there");
    for (const world::BridgeConfig& bridge : config_.bridges) {
      if (bridge.to == here) add(Path::kPublishing, here, bridge.from, "what is told there comes over a bridge");
    }
  }

  void add_start(SiteId here, const world::SiteConfig& site, SiteId database) {
    add(Path::kStartUp, here, database, "its nodes start only when the database there answers");
    if (site.startup) {
      add(Path::kStartUp, here, site.startup->source, "its gateways ask there for their APIs when they start");
    } else if (site.pulls) {
      add(Path::kStartUp, here, site.pulls->source, "its nodes do not start while they cannot reach it");
    }
  }

  bool sequence_is_common() const {
    return std::any_of(config_.sites.begin(), config_.sites.end(), [](const world::SiteConfig& site) {
      return site.database.numbers.strategy == propagation::schema::KeyNumbers::Strategy::kCommon;
    });
  }

  void add_population(const world::PopulationConfig& population) {
    if (population.tokens_from.size() != 1) return;
    needs_.push_back({Path::kTokens, population.name, name(population.tokens_from.front()),
                      "they have their tokens from there and nowhere else"});
  }

  void add_region(const world::RegionConfig& region) {
    if (region.preferred.size() != 1) return;
    needs_.push_back({Path::kFailover, name(region.region), name(region.preferred.front()),
                      "nothing takes its calls when that is down"});
  }

  const world::WorldConfig& config_;
  std::vector<Dependency> needs_;
};

}  // namespace

std::string_view name_of(Path path) {
  switch (path) {
    case Path::kRequests:
      return "requests";
    case Path::kTokens:
      return "tokens";
    case Path::kLimits:
      return "limits";
    case Path::kPublishing:
      return "publishing";
    case Path::kWriting:
      return "writing";
    case Path::kStartUp:
      return "start-up";
    case Path::kReplication:
      return "replication";
    case Path::kFailover:
      return "failover";
  }
  return "";
}

std::vector<Dependency> dependencies_of(const world::WorldConfig& config) { return Needs{config}.all(); }

std::vector<SinglePoint> single_points_of(const world::WorldConfig& config) {
  const Map map{config};
  std::vector<SinglePoint> points;
  std::vector<const world::SiteConfig*> centers;
  for (const world::SiteConfig& site : config.sites) {
    if (!site.nodes.empty()) centers.push_back(&site);
  }
  if (centers.size() == 1) points.push_back({centers.front()->name, "everything: there is no other data center"});
  for (const world::SiteConfig* center : centers) {
    for (const Part part : kAllParts) {
      std::vector<const MapNode*> having;
      for (const MapNode& node : map.nodes()) {
        if (&map.site_of(node) == center && node.parts.has(part)) having.push_back(&node);
      }
      if (having.size() == 1) points.push_back({having.front()->name, std::string{part_words(part)}});
    }
  }
  if (config.zone && config.zone->authorities.size() == 1) {
    points.push_back(
        {config.sites[sim::index(config.zone->authorities.front())].name, "the host names have one server"});
  }
  return points;
}

}  // namespace parallax::bounds
