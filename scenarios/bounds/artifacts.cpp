// How APIs get to gateways.
#include <algorithm>

#include "models/propagation/artifacts/declared_stages.h"
#include "models/runtime/declared_stages.h"
#include "scenarios/bounds/spreading.h"

namespace parallax::bounds {

using domain::ChangeKind;
using domain::DeclaredStage;
using domain::DeclaredStages;
using domain::Stage;
using runtime::Part;
using sim::SiteId;
namespace artifacts = propagation::artifacts;

namespace {

constexpr std::string_view kPulledTooEarly =
    "the pull may come before the database that it asks has the API, and then brings what was there before";

constexpr std::string_view kSecondPublisher = "what another site publishes may come last, though it is older";

Exposure at(const MapNode& node) { return {node.place.site, node.place.site}; }

}  // namespace

void Spreading::build_artifact(const MapNode& observer) {
  if (map_.site_of(writer_).pulls) return build_pulled(observer);
  if (observer.id == writer_.id) return graph_.lead(acknowledged_, obeyed_by(observer.id), {}, at(observer));
  if (map_.site_of(writer_).files) return build_files_of(observer);
  build_filed(observer);
}

// A retired API is taken away at once. The others are asked for.
void Spreading::build_pulled(const MapNode& observer) {
  const world::SiteConfig& site = map_.site_of(observer);
  const Place obeys = obeyed_by(observer.id);
  const auto& hears = told_[domain::index(observer.id)];
  if (!site.pulls || !hears) return;
  const SiteId here = observer.place.site;
  const DeclaredStage wait = artifacts::declared_event_wait(site.pulls->pull);
  if (change_ == ChangeKind::kApiRetired) {
    DeclaredStage queue = wait;
    queue.least = {};
    queue.greatest = sim::Duration{};
    return graph_.lead(*hears, obeys, {queue}, at(observer));
  }
  const SiteId source = site.pulls->source;
  const Place asks = graph_.add(observer.name + " asks");
  graph_.lead(*hears, asks, {wait}, at(observer));
  DeclaredStages pull{artifacts::declared_question(site.pulls->request, map_.ways().round_trip(here, source)),
                      artifacts::declared_redeployment(site.pulls->pull)};
  if (is_asked_too_early(*hears, wait.least, source)) {
    pull.push_back(domain::stage_without_end(Stage::kStaleRecache, kPulledTooEarly));
  }
  Exposure exposure{source, here, Exposure::Over::kOnce};
  exposure.only_undisturbed = source != map_.database_of(writer_.place.site);
  graph_.lead(asks, obeys, std::move(pull), exposure);
}

// A cluster's store in each data center that has one; else a person sees to the gateways of the own one.
void Spreading::build_filed(const MapNode& observer) {
  const world::SiteConfig& from = map_.site_of(writer_);
  const world::SiteConfig& to = map_.site_of(observer);
  const bool is_here = observer.place.site == writer_.place.site;
  if (!from.cluster && is_here) return build_seen_to(observer);
  if (!from.cluster || !to.cluster || to.files) return;
  const Place store = graph_.add("artifacts of " + to.name + " for " + observer.name);
  if (is_here) {
    graph_.lead(acknowledged_, store, {runtime::declared_message(*from.cluster)}, at(observer));
  } else {
    graph_.lead(
        acknowledged_, store,
        {domain::stage_over(Stage::kArtifactCopy, map_.ways().between(writer_.place.site, observer.place.site))},
        {writer_.place.site, observer.place.site, Exposure::Over::kCopy, from.cluster->copy_retry});
  }
  graph_.lead(store, obeyed_by(observer.id), {runtime::declared_scan(*to.cluster)}, at(observer));
}

// One gateway after the other, each after a delay of its own.
void Spreading::build_seen_to(const MapNode& observer) {
  const auto turns = std::count_if(map_.nodes().begin(), map_.nodes().end(), [&](const MapNode& node) {
    const bool is_target = node.place.site == writer_.place.site && node.parts.has(Part::kGateway);
    return is_target && node.id != writer_.id && node.id <= observer.id;
  });
  std::optional<DeclaredStage> person;
  for (const world::ApiWritesConfig& write : map_.config().api_writes) {
    const bool is_his = write.site == writer_.place.site || (write.again && write.again->site == writer_.place.site);
    if (write.task != change_ || !is_his) continue;
    const sim::Duration least = write.operator_delay.least() * std::int64_t{turns};
    const sim::Duration greatest = write.operator_delay.greatest() * std::int64_t{turns};
    if (!person) person = DeclaredStage{Stage::kOperator, least, greatest};
    person->least = std::min(person->least, least);
    person->greatest = std::max(*person->greatest, greatest);
  }
  if (!person) return;
  DeclaredStages stages{*person};
  add_second_publisher(stages);
  graph_.lead(acknowledged_, obeyed_by(observer.id), std::move(stages), at(observer));
}

void Spreading::add_second_publisher(DeclaredStages& stages) const {
  const auto& writes = map_.config().api_writes;
  const bool is_published_again = std::any_of(
      writes.begin(), writes.end(), [](const world::ApiWritesConfig& write) { return write.again.has_value(); });
  if (is_published_again) stages.push_back(domain::stage_without_end(Stage::kStaleRecache, kSecondPublisher));
}

}  // namespace parallax::bounds
