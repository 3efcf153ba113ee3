#include "models/world/statistics.h"

#include "models/world/layers.h"

namespace parallax::world {

using management::Analytics;
using management::StatisticsDatabase;
using management::StatisticsHome;
using sim::SiteId;
using Mode = StatisticsConfig::Mode;

Statistics::Statistics(const WorldConfig& config, const DataCenters& data_centers, std::size_t nodes, std::size_t apis)
    : spec_{*config.statistics}, nodes_{nodes}, apis_{apis} {
  places_.resize(config.sites.size());
  plan_failover(config);
  build_databases(config, data_centers);
  join_databases(config);
  build_analytics(config, data_centers);
  for (const SiteOutage& outage : config.site_outages) schedule(outage, data_centers[sim::index(outage.site)]->site());
}

// For the first loss of the master that lasts long enough.
void Statistics::plan_failover(const WorldConfig& config) {
  if (spec_.mode != Mode::kShared || !spec_.replica) return;
  for (const SiteOutage& outage : config.site_outages) {
    const sim::VirtualTime when = outage.from + spec_.failover_time;
    if (outage.site != spec_.master || outage.until <= when) continue;
    if (!failover_ || when < *failover_) failover_ = when;
  }
}

bool Statistics::has_database(const WorldConfig& config, SiteId site) const {
  if (spec_.mode == Mode::kShared) return site == spec_.master || site == spec_.replica;
  return config.sites[sim::index(site)].analytics.has_value();
}

void Statistics::build_databases(const WorldConfig& config, const DataCenters& data_centers) {
  for (std::size_t i = 0; i < places_.size(); ++i) {
    const auto site = static_cast<SiteId>(i);
    if (!has_database(config, site)) continue;
    places_[i].database = std::make_unique<StatisticsDatabase>(data_centers[i]->site(), data_centers[i]->power(),
                                                               database_layer(nodes_, site), spec_.key,
                                                               config.sites[i].database.clock_offset);
  }
}

void Statistics::join_databases(const WorldConfig& config) {
  if (spec_.mode == Mode::kShared && spec_.replica) lead(config, spec_.master, *spec_.replica);
  if (spec_.mode != Mode::kReplicated) return;
  for (std::size_t from = 0; from < places_.size(); ++from) {
    for (std::size_t to = 0; to < places_.size(); ++to) {
      if (from == to || !places_[from].database || !places_[to].database) continue;
      lead(config, static_cast<SiteId>(from), static_cast<SiteId>(to));
    }
  }
}

void Statistics::lead(const WorldConfig& config, SiteId from, SiteId to) {
  const std::string name =
      "statistics of " + config.sites[sim::index(from)].name + " to " + config.sites[sim::index(to)].name;
  database(from).peer().lead(database(to).peer(), name, spec_.stream, config.stage_of_fault, {});
}

std::vector<StatisticsHome> Statistics::homes_of(SiteId site) const {
  if (spec_.mode != Mode::kShared) return {{{}, &database(site)}};
  std::vector<StatisticsHome> homes{{{}, &database(spec_.master)}};
  if (failover_) homes.push_back({*failover_, &database(*spec_.replica)});
  return homes;
}

void Statistics::build_analytics(const WorldConfig& config, const DataCenters& data_centers) {
  std::int64_t data_center = 0;
  for (std::size_t i = 0; i < places_.size(); ++i) {
    if (data_centers[i] == nullptr) continue;
    ++data_center;
    if (!config.sites[i].analytics) continue;
    std::vector<runtime::Gateway*> gateways;
    for (runtime::Node* node : data_centers[i]->nodes()) gateways.push_back(&node->gateway());
    const management::AnalyticsSpec spec{
        config.sites[i].analytics->summarise_interval, spec_.ask_interval, spec_.bucket, spec_.rewriting, data_center,
        config.sites[i].database.access_time};
    places_[i].analytics = std::make_unique<Analytics>(data_centers[i]->site(), data_centers[i]->power(), spec,
                                                       std::move(gateways), apis_, homes_of(static_cast<SiteId>(i)));
  }
}

// The data center's power fails and comes back just before, at the same instants.
void Statistics::schedule(const SiteOutage& outage, sim::Site& site) {
  const Place& place = places_[sim::index(outage.site)];
  if (outage.disk == Disk::kLost && place.analytics != nullptr) {
    site.at(outage.from, [analytics = place.analytics.get()] { analytics->disk_lost(); });
  }
  StatisticsDatabase* database = place.database.get();
  const bool may_retire = spec_.mode == Mode::kShared && outage.site == spec_.master && failover_;
  if (database == nullptr || (may_retire && outage.from >= *failover_)) return;
  site.at(outage.from, [database, disk = outage.disk] {
    database->lost();
    if (disk == Disk::kLost) database->disk_lost();
  });
  site.at(outage.until, [database, is_too_late = may_retire && outage.until > *failover_] {
    is_too_late ? database->retire() : database->restored();
  });
}

void Statistics::start() {
  for (const Place& place : places_) {
    if (place.database) place.database->peer().start();
    if (place.analytics) place.analytics->start();
  }
}

void Statistics::close() {
  for (const Place& place : places_) {
    if (place.analytics) place.analytics->close();
  }
}

std::vector<domain::LayerId> Statistics::replicas() const {
  std::vector<domain::LayerId> layers;
  if (spec_.mode == Mode::kSeparate) return layers;
  for (std::size_t i = 0; i < places_.size(); ++i) {
    if (places_[i].database) layers.push_back(database_layer(nodes_, static_cast<SiteId>(i)));
  }
  return layers;
}

}  // namespace parallax::world
