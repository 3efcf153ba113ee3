// How APIs get to gateways as files: folders, Subversion, by hand, by calls.
#include <algorithm>

#include "models/propagation/artifacts/declared_stages.h"
#include "models/propagation/artifacts/stages.h"
#include "scenarios/bounds/spreading.h"

namespace parallax::bounds {

using domain::DeclaredStages;
using domain::Stage;
using runtime::Part;
using sim::SiteId;
using Way = world::FilesConfig::Way;
namespace artifacts = propagation::artifacts;

namespace {

constexpr std::string_view kSeveralCommitters = "two committers may get into a conflict, which a person resolves";

}  // namespace

// What a publisher hands over gets to gateways of sites that are joined to its own.
void Spreading::build_files_of(const MapNode& observer) {
  if (!map_.site_of(observer).files) return;
  const world::FilesConfig& files = *map_.site_of(observer).files;
  const SiteId there = writer_.place.site;
  const SiteId here = observer.place.site;
  const Place obeys = obeyed_by(observer.id);
  switch (files.way) {
    case Way::kSvn:
      return build_svn(observer);
    case Way::kFolder:
      if (files.of != there) return;
      return graph_.lead(
          acknowledged_, obeys,
          declared_look(artifacts::kPollWait, files.period, files.request, map_.ways().round_trip(here, there)),
          {there, here, Exposure::Over::kQuestion, files.period});
    case Way::kReplica:
      if (files.of != there) return;
      return graph_.lead(acknowledged_, obeys, declared_stages(files.replica, map_.ways().between(there, here)),
                         {there, here, Exposure::Over::kCopy, files.replica.retry});
    case Way::kByHand:
      return build_by_hand(observer);
    case Way::kCalls:
      return build_called(observer);
  }
}

// Gateways of all sites where that is the way, in the order of the file, but for the one that publishes.
std::vector<const MapNode*> Spreading::others_with(Way way) const {
  std::vector<const MapNode*> all;
  if (map_.site_of(writer_).files->way != way) return all;
  for (const MapNode& node : map_.nodes()) {
    const auto& files = map_.site_of(node).files;
    if (files && files->way == way && node.parts.has(Part::kGateway) && node.id != writer_.id) all.push_back(&node);
  }
  return all;
}

void Spreading::build_by_hand(const MapNode& observer) {
  const auto targets = others_with(Way::kByHand);
  const auto before = std::find(targets.begin(), targets.end(), &observer) - targets.begin();
  if (before == static_cast<std::ptrdiff_t>(targets.size())) return;
  const artifacts::ManualSpec& manual = map_.site_of(writer_).files->manual;
  const SiteId there = writer_.place.site;
  const SiteId here = observer.place.site;
  DeclaredStages stages = declared_stages(manual, static_cast<std::size_t>(before), map_.ways().between(there, here));
  add_second_publisher(stages);
  graph_.lead(acknowledged_, obeyed_by(observer.id), std::move(stages),
              {there, here, Exposure::Over::kCopy, manual.retry});
}

// Whoever does not answer keeps all back that is published after it.
void Spreading::build_called(const MapNode& observer) {
  const SiteId there = writer_.place.site;
  std::vector<domain::WaySpan> before;
  bool is_before = true;
  Place turn = acknowledged_;
  for (const MapNode* target : others_with(Way::kCalls)) {
    is_before &= target != &observer;
    if (is_before) before.push_back(map_.ways().round_trip(there, target->place.site));
    const Place next = graph_.add(target->name + " is called as " + observer.name + " is");
    graph_.lead(turn, next, {}, {there, target->place.site, Exposure::Over::kOnce});
    turn = next;
  }
  if (is_before) return;  // nobody calls it
  const SiteId here = observer.place.site;
  DeclaredStages stages =
      declared_calls(map_.site_of(writer_).files->calls, before, map_.ways().round_trip(there, here));
  add_second_publisher(stages);
  graph_.lead(turn, obeyed_by(observer.id), std::move(stages), {there, here, Exposure::Over::kOnce});
}

// Checked in at the master, mirrored, and found by the gateway's task. A commit is told to the cluster of its own site.
void Spreading::build_svn(const MapNode& observer) {
  if (map_.site_of(writer_).files->way != Way::kSvn) return;
  const world::FilesConfig& from = *map_.site_of(writer_).files;
  const world::FilesConfig& to = *map_.site_of(observer).files;
  if (!from.commits || from.of != to.of) return;
  const SiteId there = writer_.place.site;
  const SiteId here = observer.place.site;
  const SiteId master = from.of;
  Place repository = graph_.add("repository of " + map_.site(master).name);
  graph_.lead(acknowledged_, repository, commit_stages(from, map_.ways().round_trip(there, master)),
              {there, master, Exposure::Over::kQuestion, from.task.interval});
  if (here != master) {
    const Place mirror = graph_.add("mirror at " + map_.site(here).name);
    graph_.lead(repository, mirror,
                declared_look(artifacts::kMirrorWait, to.period, to.request, map_.ways().round_trip(here, master)),
                {master, here, Exposure::Over::kQuestion, to.period});
    repository = mirror;
  }
  const auto& cluster = map_.site(here).cluster;
  const bool is_told = here == there && here == master && cluster;
  DeclaredStages update = is_told ? declared_update_told(to.task, cluster->message_delay, to.request, {})
                                  : declared_update(to.task, to.request, {});
  graph_.lead(repository, obeyed_by(observer.id), std::move(update),
              {here, here, Exposure::Over::kQuestion, to.task.interval});
}

DeclaredStages Spreading::commit_stages(const world::FilesConfig& from, const domain::WaySpan& round_trip) const {
  DeclaredStages commit = declared_commit(from.task, from.check_in_time, from.request, round_trip);
  const auto& sites = map_.config().sites;
  const auto committers = std::count_if(
      sites.begin(), sites.end(), [](const world::SiteConfig& site) { return site.files && site.files->commits; });
  if (committers > 1) commit.push_back(domain::stage_without_end(Stage::kOperator, kSeveralCommitters));
  return commit;
}

}  // namespace parallax::bounds
