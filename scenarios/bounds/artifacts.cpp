// How APIs get to gateways.
#include <algorithm>

#include "models/propagation/artifacts/declared_stages.h"
#include "models/propagation/artifacts/stages.h"
#include "models/runtime/declared_stages.h"
#include "scenarios/bounds/spreading.h"

namespace parallax::bounds {

using domain::ChangeKind;
using domain::DeclaredStage;
using domain::DeclaredStages;
using domain::Stage;
using runtime::Part;
using sim::SiteId;
using Way = world::FilesConfig::Way;
namespace artifacts = propagation::artifacts;

namespace {

constexpr std::string_view kPulledTooEarly =
    "the pull may come before the database that it asks has the API, and then brings what was there before";
constexpr std::string_view kSeveralCommitters = "two committers may get into a conflict, which a person resolves";

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
  const Place obeys = obeyed_by(observer.id);
  const bool is_here = observer.place.site == writer_.place.site;
  if (!from.cluster) {
    if (!is_here) return;
    const auto* write = [&]() -> const world::ApiWritesConfig* {
      for (const auto& one : map_.config().api_writes) {
        if (one.task == change_ &&
            (one.site == writer_.place.site || (one.again && one.again->site == writer_.place.site)))
          return &one;
      }
      return nullptr;
    }();
    if (write == nullptr) return;
    std::int64_t turns = 0;
    for (const MapNode& node : map_.nodes()) {
      const bool is_target =
          node.place.site == writer_.place.site && node.parts.has(Part::kGateway) && node.id != writer_.id;
      turns += is_target;
      if (node.id == observer.id) break;
    }
    graph_.lead(acknowledged_, obeys,
                {{Stage::kOperator, write->operator_delay.least() * turns, write->operator_delay.greatest() * turns}},
                at(observer));
    return;
  }
  if (!to.cluster || to.files) return;
  const Place store = graph_.add("artifacts of " + to.name + " for " + observer.name);
  if (is_here) {
    graph_.lead(acknowledged_, store, {runtime::declared_message(*from.cluster)}, at(observer));
  } else {
    graph_.lead(
        acknowledged_, store,
        {domain::stage_over(Stage::kArtifactCopy, map_.ways().between(writer_.place.site, observer.place.site))},
        {writer_.place.site, observer.place.site, Exposure::Over::kCopy, from.cluster->copy_retry});
  }
  graph_.lead(store, obeys, {runtime::declared_scan(*to.cluster)}, at(observer));
}

// What a publisher hands over gets to gateways of sites that are joined to its own.
void Spreading::build_files_of(const MapNode& observer) {
  const world::SiteConfig& to = map_.site_of(observer);
  if (!to.files) return;
  const world::FilesConfig& files = *to.files;
  const SiteId there = writer_.place.site;
  const SiteId here = observer.place.site;
  const Place obeys = obeyed_by(observer.id);
  const domain::WaySpan way = map_.ways().between(there, here);
  const domain::WaySpan round_trip = map_.ways().round_trip(here, files.of);
  const auto targets = [&](Way kind) {
    std::vector<const MapNode*> all;
    for (const MapNode& node : map_.nodes()) {
      const auto& other = map_.site_of(node).files;
      if (other && other->way == kind && node.parts.has(Part::kGateway) && node.id != writer_.id) all.push_back(&node);
    }
    return all;
  };
  const auto is_before = [&](const MapNode* node) { return node->id < observer.id; };
  switch (files.way) {
    case Way::kSvn:
      return build_svn(observer);
    case Way::kFolder:
      if (files.of != there) return;
      return graph_.lead(acknowledged_, obeys,
                         declared_look(artifacts::kPollWait, files.period, files.request, round_trip),
                         {there, here, Exposure::Over::kQuestion, files.period});
    case Way::kReplica:
      if (files.of != there) return;
      return graph_.lead(acknowledged_, obeys, declared_stages(files.replica, way),
                         {there, here, Exposure::Over::kCopy, files.replica.retry});
    case Way::kByHand: {
      const auto& manual = map_.site_of(writer_).files->manual;
      const auto all = targets(Way::kByHand);
      const auto before = static_cast<std::size_t>(std::count_if(all.begin(), all.end(), is_before));
      return graph_.lead(acknowledged_, obeys, declared_stages(manual, before, way),
                         {there, here, Exposure::Over::kCopy, manual.retry});
    }
    case Way::kCalls: {
      // Whoever does not answer keeps all back that is published after it.
      std::vector<domain::WaySpan> before;
      Place turn = acknowledged_;
      for (const MapNode* node : targets(Way::kCalls)) {
        if (is_before(node)) before.push_back(map_.ways().round_trip(there, node->place.site));
        const Place next = graph_.add(node->name + " is called as " + observer.name + " is");
        graph_.lead(turn, next, {}, {there, node->place.site, Exposure::Over::kOnce});
        turn = next;
      }
      return graph_.lead(
          turn, obeys, declared_calls(map_.site_of(writer_).files->calls, before, map_.ways().round_trip(there, here)),
          {there, here, Exposure::Over::kOnce});
    }
  }
}

// Checked in at the master, mirrored, and found by the gateway's task.
void Spreading::build_svn(const MapNode& observer) {
  const world::FilesConfig& from = *map_.site_of(writer_).files;
  const world::FilesConfig& to = *map_.site_of(observer).files;
  if (!from.commits || from.of != to.of) return;
  const SiteId there = writer_.place.site;
  const SiteId here = observer.place.site;
  const SiteId master = from.of;
  const auto committers =
      std::count_if(map_.config().sites.begin(), map_.config().sites.end(),
                    [](const world::SiteConfig& site) { return site.files && site.files->commits; });
  DeclaredStages commit =
      declared_commit(from.task, from.check_in_time, from.request, map_.ways().round_trip(there, master));
  if (committers > 1) commit.push_back(domain::stage_without_end(Stage::kOperator, kSeveralCommitters));
  Place repository = graph_.add("repository of " + map_.site(master).name);
  graph_.lead(acknowledged_, repository, std::move(commit),
              {there, master, Exposure::Over::kQuestion, from.task.interval});
  if (here != master) {
    const Place mirror = graph_.add("mirror at " + map_.site(here).name);
    graph_.lead(repository, mirror,
                declared_look(artifacts::kMirrorWait, to.period, to.request, map_.ways().round_trip(here, master)),
                {master, here, Exposure::Over::kQuestion, to.period});
    repository = mirror;
  }
  const bool is_told = here == there && here == master && map_.site(here).cluster.has_value();
  const domain::WaySpan round_trip{};
  DeclaredStages update =
      is_told ? declared_update_told(to.task, map_.site(here).cluster->message_delay, to.request, round_trip)
              : declared_update(to.task, to.request, round_trip);
  graph_.lead(repository, obeyed_by(observer.id), std::move(update),
              {here, here, Exposure::Over::kQuestion, to.task.interval});
}

}  // namespace parallax::bounds
