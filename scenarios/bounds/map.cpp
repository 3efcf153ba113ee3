#include "scenarios/bounds/map.h"

#include <algorithm>

namespace parallax::bounds {

using domain::ChangeKind;
using management::Task;
using runtime::Part;
using sim::SiteId;

namespace {

std::optional<ChangeKind> change_of(Task task) {
  switch (task) {
    case Task::kRevokeTokens:
      return ChangeKind::kTokenRevoked;
    case Task::kAddSubscriptions:
      return ChangeKind::kSubscriptionAdded;
    case Task::kBlockSubscriptions:
      return ChangeKind::kSubscriptionBlocked;
    case Task::kRequestTokens:
      return ChangeKind::kTokenIssued;
    case Task::kSignIn:
      return std::nullopt;
  }
  return std::nullopt;
}

}  // namespace

Part writer_of(ChangeKind change) {
  const bool is_of_token = change == ChangeKind::kTokenIssued || change == ChangeKind::kTokenRevoked;
  return is_of_token ? Part::kKeyManager : Part::kControlPlane;
}

domain::Topic topic_of(ChangeKind change) {
  return change == ChangeKind::kTokenRevoked ? domain::Topic::kTokenRevocation : domain::Topic::kNotification;
}

Map::Map(const world::WorldConfig& config) : config_{config}, ways_{config} {
  for (std::size_t i = 0; i < config.sites.size(); ++i) {
    const world::SiteConfig& site = config.sites[i];
    first_.push_back(nodes_.size());
    for (std::uint32_t node = 0; node < site.nodes.size(); ++node) {
      nodes_.push_back({static_cast<domain::NodeId>(nodes_.size()),
                        {static_cast<SiteId>(i), node},
                        site.parts.empty() ? runtime::PartSet::all() : site.parts[node],
                        site.name + "/" + site.nodes[node]});
    }
  }
}

std::vector<const MapNode*> Map::nodes_with(SiteId site, Part part) const {
  std::vector<const MapNode*> having;
  for (const MapNode& node : nodes_) {
    if (node.place.site == site && node.parts.has(part)) having.push_back(&node);
  }
  return having;
}

// Tokens are issued wherever somebody calls.
std::vector<SiteId> Map::sites_that_write(ChangeKind change) const {
  std::vector<SiteId> sites;
  if (change == ChangeKind::kTokenIssued && !config_.populations.empty()) {
    for (std::size_t i = 0; i < config_.sites.size(); ++i) sites.push_back(static_cast<SiteId>(i));
    return sites;
  }
  for (const world::WriteConfig& write : config_.writes) {
    if (change_of(write.task) == change) sites.push_back(write.site);
  }
  for (const world::ApiWritesConfig& write : config_.api_writes) {
    if (write.task != change) continue;
    sites.push_back(write.site);
    if (write.again) sites.push_back(write.again->site);
  }
  if (change == ChangeKind::kPolicyChanged) {
    for (const world::PolicyChangeConfig& write : config_.policy_changes) sites.push_back(write.site);
  }
  std::sort(sites.begin(), sites.end());
  sites.erase(std::unique(sites.begin(), sites.end()), sites.end());
  return sites;
}

// APIs are published, and policies changed, at the first control plane of a site.
std::vector<const MapNode*> Map::writers(ChangeKind change) const {
  const bool at_first =
      change == ChangeKind::kApiPublished || change == ChangeKind::kApiRetired || change == ChangeKind::kPolicyChanged;
  std::vector<const MapNode*> writers;
  for (const SiteId site : sites_that_write(change)) {
    auto nodes = nodes_with(site, writer_of(change));
    if (at_first && nodes.size() > 1) nodes.erase(nodes.begin() + 1, nodes.end());
    writers.insert(writers.end(), nodes.begin(), nodes.end());
  }
  return writers;
}

std::vector<const MapNode*> Map::observers(ChangeKind change) const {
  const bool is_policy = change == ChangeKind::kPolicyChanged;
  std::vector<const MapNode*> observers;
  for (const MapNode& node : nodes_) {
    const bool observes = is_policy ? node.parts.has(Part::kTrafficManager) && site_of(node).events.has_value()
                                    : node.parts.has(Part::kGateway);
    if (observes) observers.push_back(&node);
  }
  return observers;
}

}  // namespace parallax::bounds
