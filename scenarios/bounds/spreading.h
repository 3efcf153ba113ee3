// The propagation graph of one kind of change that one node writes: from its commit and its acknowledgement to each
// observer, with the legs that the deployment has. What each leg takes is what the part on it declares.
#pragma once

#include <vector>

#include "scenarios/bounds/map.h"
#include "scenarios/bounds/propagation_graph.h"

namespace parallax::bounds {

class Spreading {
 public:
  using Place = PropagationGraph::Place;

  /// `map` outlives this.
  Spreading(const Map& map, domain::ChangeKind change, const MapNode& writer);

  const PropagationGraph& graph() const { return graph_; }

  /// It is in the database of its writer, and its writer knows.
  Place committed() const { return committed_; }
  Place acknowledged() const { return acknowledged_; }
  /// How much later, at the least and at the most; no most: there is none.
  domain::WaySpan acknowledgement() const;

  /// Where the observer obeys it.
  Place obeyed_by(domain::NodeId observer) const { return obeyed_[domain::index(observer)]; }

 private:
  // Rows (rows.cpp).
  void build_rows();

  // Messages (events.cpp).
  void build_brokers();
  Place published_when_all_hear();
  void build_told(const MapNode& listener);
  bool has_brokers(const MapNode& node) const { return map_.site_of(node).events.has_value(); }

  // Tokens and subscriptions (facts.cpp), APIs (artifacts.cpp), policies (facts.cpp).
  void build_opaque(const MapNode& observer);
  void build_shared_cache(const MapNode& observer, const world::CacheClusterConfig& cluster);
  void build_signed(const MapNode& observer);
  void build_policy(const MapNode& observer);
  void build_artifact(const MapNode& observer);
  void build_pulled(const MapNode& observer);
  void build_filed(const MapNode& observer);
  void build_seen_to(const MapNode& observer);

  /// Where whatever comes is deployed, what another site has published may come last and be older.
  void add_second_publisher(domain::DeclaredStages& stages) const;

  // Files (files.cpp).
  void build_files_of(const MapNode& observer);
  void build_by_hand(const MapNode& observer);
  void build_called(const MapNode& observer);
  void build_svn(const MapNode& observer);
  std::vector<const MapNode*> others_with(world::FilesConfig::Way way) const;
  domain::DeclaredStages commit_stages(const world::FilesConfig& from, const domain::WaySpan& round_trip) const;

  const world::CacheClusterConfig* cache_cluster_of(sim::SiteId site) const;
  domain::DeclaredStage answer_of(sim::SiteId asked, sim::SiteId by) const;
  /// Of what is asked of the database of `asked` by nodes of `by`.
  Exposure exposure_of_answer(sim::SiteId asked, sim::SiteId by) const;
  bool is_read_in_time(sim::SiteId database, const domain::DeclaredStage& answer, Place told_at) const;
  /// What is asked of that database so long after `heard` may come before the change.
  bool is_asked_too_early(Place heard, sim::Duration after, sim::SiteId database) const;

  const Map& map_;
  domain::ChangeKind change_;
  const MapNode& writer_;
  PropagationGraph graph_;
  Place committed_{0};
  Place acknowledged_{0};
  std::vector<Place> rows_;                    ///< by site with a database of its own
  std::vector<std::optional<Place>> brokers_;  ///< by NodeId: the event is there
  std::vector<std::optional<Place>> told_;     ///< by NodeId: a message is there
  std::vector<Place> obeyed_;                  ///< by NodeId
  /// At rows and where messages are; what is asked of whom, and when, depends on them.
  std::vector<PropagationGraph::Arrival> earliest_;
  std::vector<PropagationGraph::Arrival> latest_;
};

/// The sum over a leg's stages; nothing: one has no greatest.
std::optional<sim::Duration> greatest_of(const PropagationGraph::Leg& leg);
std::optional<sim::Duration> least_of(const PropagationGraph::Leg& leg);

/// Acknowledged at 0, and committed as long before, or as shortly before, as that can be.
std::vector<PropagationGraph::Start> earliest_starts(const Spreading& spreading);
std::vector<PropagationGraph::Start> latest_starts(const Spreading& spreading);

}  // namespace parallax::bounds
