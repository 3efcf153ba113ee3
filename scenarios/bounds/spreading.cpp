#include "scenarios/bounds/spreading.h"

#include <algorithm>
#include <numeric>

namespace parallax::bounds {

using domain::ChangeKind;
using domain::DeclaredStage;
using domain::WaySpan;
using sim::SiteId;

namespace {

// Of a commit that may be acknowledged any time later, as seen from the acknowledgement.
constexpr sim::Duration kLongBefore = sim::minutes(60 * 24 * 365);

}  // namespace

std::optional<sim::Duration> greatest_of(const PropagationGraph::Leg& leg) {
  sim::Duration sum{};
  for (const DeclaredStage& stage : leg.stages) {
    if (!stage.greatest) return std::nullopt;
    sum += *stage.greatest;
  }
  return sum;
}

std::optional<sim::Duration> least_of(const PropagationGraph::Leg& leg) {
  sim::Duration sum{};
  for (const DeclaredStage& stage : leg.stages) sum += stage.least;
  return sum;
}

Spreading::Spreading(const Map& map, ChangeKind change, const MapNode& writer)
    : map_{map}, change_{change}, writer_{writer} {
  committed_ = graph_.add("committed");
  acknowledged_ = graph_.add("acknowledged");
  build_rows();
  build_brokers();
  told_.resize(map.nodes().size());
  for (const MapNode* observer : map.observers(change)) build_told(*observer);
  earliest_ = graph_.arrivals(earliest_starts(*this), least_of);
  latest_ = graph_.arrivals(latest_starts(*this), greatest_of);
  obeyed_.resize(map.nodes().size());
  for (const MapNode& node : map.nodes()) obeyed_[domain::index(node.id)] = graph_.add(node.name);
  for (const MapNode* observer : map.observers(change)) {
    switch (change) {
      case ChangeKind::kPolicyChanged:
        build_policy(*observer);
        break;
      case ChangeKind::kApiPublished:
      case ChangeKind::kApiRetired:
        build_artifact(*observer);
        break;
      default:
        if (map.site_of(*observer).node.gateway.tokens == logic::tokens::TokenType::kJwt) {
          build_signed(*observer);
        } else if (const auto* cluster = cache_cluster_of(observer->place.site)) {
          build_shared_cache(*observer, *cluster);
        } else {
          build_opaque(*observer);
        }
    }
  }
}

// A token that has been issued may be read once more before it is handed out.
WaySpan Spreading::acknowledgement() const {
  const SiteId home = map_.database_of(writer_.place.site);
  const bool is_here = home == writer_.place.site;
  const bool waits = std::any_of(
      map_.config().replications.begin(), map_.config().replications.end(), [&](const world::ReplicationConfig& r) {
        return r.from == home && r.spec.synchronous != propagation::replication::Synchronous::kOff;
      });
  const sim::Duration least =
      is_here ? map_.site(home).database.access_time : map_.ways().between(home, writer_.place.site).least;
  if (!is_here || waits || change_ == ChangeKind::kTokenIssued) {
    return {least, std::nullopt, "others are asked before it is acknowledged"};
  }
  return {least, least, {}};
}

std::vector<PropagationGraph::Start> earliest_starts(const Spreading& spreading) {
  const sim::Duration before = spreading.acknowledgement().greatest.value_or(kLongBefore);
  return {{spreading.committed(), sim::Duration{} - before}, {spreading.acknowledged(), {}}};
}

std::vector<PropagationGraph::Start> latest_starts(const Spreading& spreading) {
  const sim::Duration before = spreading.acknowledgement().least;
  return {{spreading.committed(), sim::Duration{} - before}, {spreading.acknowledged(), {}}};
}

// Whoever read the database before the change was there has put what it was told where it belongs by the time at which
// it hears of the change: else it might forget an old answer and then remember it anew.
bool Spreading::is_read_in_time(SiteId database, const DeclaredStage& answer, Place told_at) const {
  const auto there = latest_[rows_[sim::index(database)]].at;
  const auto told = earliest_[told_at].at;
  return there && told && answer.greatest && *there + *answer.greatest <= *told;
}

bool Spreading::is_asked_too_early(Place heard, sim::Duration after, SiteId database) const {
  const auto there = latest_[rows_[sim::index(database)]].at;
  const auto told = earliest_[heard].at;
  return !there || !told || *told + after < *there;
}

const world::CacheClusterConfig* Spreading::cache_cluster_of(SiteId site) const {
  const auto& clusters = map_.config().cache_clusters;
  const auto found = std::find_if(clusters.begin(), clusters.end(), [&](const world::CacheClusterConfig& cluster) {
    return std::find(cluster.sites.begin(), cluster.sites.end(), site) != cluster.sites.end();
  });
  return found == clusters.end() ? nullptr : &*found;
}

}  // namespace parallax::bounds
