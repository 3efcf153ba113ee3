// How observers come to obey what is said of tokens, subscriptions and policies.
#include "models/propagation/access/declared_stages.h"
#include "models/runtime/declared_stages.h"
#include "scenarios/bounds/spreading.h"

namespace parallax::bounds {

using domain::ChangeKind;
using domain::DeclaredStage;
using domain::DeclaredStages;
using domain::Stage;
using runtime::Part;
using sim::SiteId;

namespace {

constexpr std::string_view kStaleBegetsStale =
    "a copy that is passed on begins its age anew: an old answer may go round for ever";
constexpr std::string_view kStaysInMap =
    "what no member remembers stays in the shared map, which has no time to live, and may come back";
constexpr std::string_view kNobodyTells = "nobody tells it, and it asks only for what it has never heard of";
constexpr std::string_view kAskedTooEarly =
    "it may ask for the policy before its database has it, and does not ask again";

DeclaredStage from_nothing(DeclaredStage stage) {
  stage.least = {};
  return stage;
}

}  // namespace

// An answer that was read before the change had come may be put away when it arrives, and then ages in full.
void Spreading::build_opaque(const MapNode& observer) {
  const world::SiteConfig& site = map_.site_of(observer);
  const SiteId asked = map_.asked_by(observer.place.site);
  const Place obeys = obeyed_by(observer.id);
  const DeclaredStage answer = answer_of(asked, observer.place.site);
  DeclaredStages ages;
  // Where nobody can have asked for a token before it was there, nobody has cached that it was not.
  const bool is_new_there = change_ == ChangeKind::kTokenIssued && asked == map_.database_of(writer_.place.site);
  if (!is_new_there && site.node.gateway.pipeline.caching == logic::gateway::TokenCaching::kOn) {
    ages = runtime::declared_cached(site.node.gateway.pipeline);
    ages.insert(ages.begin(), from_nothing(answer));
  }
  graph_.lead(rows_[sim::index(asked)], obeys, std::move(ages), exposure_of_answer(asked, observer.place.site));
  const auto& hears = told_[domain::index(observer.id)];
  if (change_ != ChangeKind::kTokenRevoked || !hears || !is_read_in_time(asked, answer, *hears)) return;
  Exposure exposure{observer.place.site, observer.place.site};
  exposure.only_undisturbed = asked != map_.database_of(writer_.place.site) || asked != observer.place.site;
  graph_.lead(*hears, obeys, {}, exposure);
}

// Where a copy keeps its age, an old answer lives no longer than in one cache and in the map, but for calls of the map
// under way.
void Spreading::build_shared_cache(const MapNode& observer, const world::CacheClusterConfig& cluster) {
  using propagation::caches::CopyAge;
  const SiteId asked = map_.asked_by(observer.place.site);
  const bool has_map = cluster.tokens.map == runtime::SharedMap::kShared;
  DeclaredStages ages{from_nothing(answer_of(asked, observer.place.site))};
  if (has_map && cluster.tokens.levels.copy_age == CopyAge::kSinceArrival) {
    ages.push_back(domain::stage_without_end(Stage::kStaleRecache, kStaleBegetsStale));
  } else if (has_map && cluster.cluster.map_ttl.ns == 0) {
    ages.push_back(domain::stage_without_end(Stage::kStaleRecache, kStaysInMap));
  } else {
    if (has_map) {
      ages.push_back(domain::stage_up_to(Stage::kClusterMessage,
                                         cluster.cluster.call_timeout * std::int64_t{2} + cluster.cluster.map_ttl));
    }
    for (const DeclaredStage& age : runtime::declared_cached(map_.site_of(observer).node.gateway.pipeline)) {
      ages.push_back(age);
    }
  }
  Place ageing = graph_.add("shared cache of " + cluster.name + " for " + observer.name);
  graph_.lead(rows_[sim::index(asked)], ageing, std::move(ages), exposure_of_answer(asked, observer.place.site));
  // When a cut heals the sides merge, and an old copy may come back.
  for (const SiteId other : cluster.sites) {
    Exposure exposure{observer.place.site, other};
    exposure.only_undisturbed = true;
    const Place merged = graph_.add("shared cache with " + map_.site(other).name + " for " + observer.name);
    graph_.lead(ageing, merged, {}, exposure);
    ageing = merged;
  }
  graph_.lead(ageing, obeyed_by(observer.id), {}, {observer.place.site, observer.place.site});
}

// A token proves that it was issued. What is not in memory at all is asked for.
void Spreading::build_signed(const MapNode& observer) {
  const Place obeys = obeyed_by(observer.id);
  const SiteId here = observer.place.site;
  if (change_ == ChangeKind::kTokenIssued) return graph_.lead(acknowledged_, obeys, {}, {here, here});
  if (const auto& hears = told_[domain::index(observer.id)]; hears && has_brokers(observer)) {
    graph_.lead(*hears, obeys, {}, {here, here});
  } else {
    graph_.lead(acknowledged_, obeys, {domain::stage_without_end(Stage::kPending, kNobodyTells)}, {here, here});
  }
  // What it has never heard of is as the database has it.
  if (change_ != ChangeKind::kSubscriptionAdded && change_ != ChangeKind::kSubscriptionBlocked) return;
  const SiteId asked = map_.database_of(here);
  DeclaredStages pulled{from_nothing(answer_of(asked, here))};
  pulled.push_back(domain::stage_without_end(Stage::kPending, kNobodyTells));
  graph_.lead(rows_[sim::index(asked)], obeys, std::move(pulled), exposure_of_answer(asked, here));
}

void Spreading::build_policy(const MapNode& observer) {
  const Place obeys = obeyed_by(observer.id);
  const SiteId here = observer.place.site;
  const auto& hears = told_[domain::index(observer.id)];
  if (!hears) return;
  const SiteId asked = map_.database_of(here);
  DeclaredStages question;
  if (asked == here) {
    question.push_back(propagation::declared_question(map_.site(here).database));
  } else {
    question.push_back(domain::stage_over(Stage::kDatabaseRead, map_.ways().round_trip(here, asked)));
  }
  if (is_asked_too_early(*hears, {}, asked)) {
    question.push_back(domain::stage_without_end(Stage::kPending, kAskedTooEarly));
  }
  Exposure exposure = exposure_of_answer(asked, here);
  exposure.only_undisturbed = asked != map_.database_of(writer_.place.site);
  graph_.lead(*hears, obeys, std::move(question), exposure);
}

}  // namespace parallax::bounds
