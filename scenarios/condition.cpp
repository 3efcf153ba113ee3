#include "scenarios/condition.h"

#include <algorithm>
#include <array>
#include <vector>

#include "models/world/layers.h"
#include "scenarios/checked_text.h"

namespace parallax::scenarios {

namespace {

using domain::RecordKind;
using sim::SiteId;

const std::array<std::string, 7> kStates{"lost", "powered", "ready", "marked_down", "marked_up", "promoted", "fenced"};

std::optional<SiteId> number_of(const world::WorldConfig& world, const std::string& name) {
  for (std::size_t i = 0; i < world.sites.size(); ++i) {
    if (world.sites[i].name == name) return static_cast<SiteId>(i);
  }
  return std::nullopt;
}

std::size_t nodes_before(const world::WorldConfig& world, std::size_t site) {
  std::size_t nodes = 0;
  for (std::size_t i = 0; i < site; ++i) nodes += world.sites[i].nodes.size();
  return nodes;
}

domain::NodeId number_of(const world::WorldConfig& world, SiteId site, const std::string& node) {
  const std::vector<std::string>& names = world.sites[sim::index(site)].nodes;
  const auto place = std::find(names.begin(), names.end(), node) - names.begin();
  return static_cast<domain::NodeId>(nodes_before(world, sim::index(site)) + static_cast<std::size_t>(place));
}

// The law whose rows alone the stream brings; nothing: it brings all.
std::optional<domain::Jurisdiction> law_of(const world::WorldConfig& world, SiteId from, SiteId to) {
  const auto keeps = [&](const world::ReplicationConfig& one) {
    return one.from == from && one.to == to && one.spec.keeps_home;
  };
  if (!std::any_of(world.replications.begin(), world.replications.end(), keeps)) return std::nullopt;
  return world.sites[sim::index(to)].jurisdiction;
}

domain::ChangeKind change_kind(const std::string& name) {
  const auto found = std::find_if(domain::kChangeKinds.begin(), domain::kChangeKinds.end(),
                                  [&](domain::ChangeKind kind) { return domain::name_of(kind) == name; });
  return *found;
}

}  // namespace

std::span<const std::string> state_words() { return kStates; }

ConditionWatch::ConditionWatch(const schema::Condition& condition, const world::WorldConfig& world,
                               sim::VirtualTime from)
    : from_{from} {
  if (condition.has_change()) {
    kind_ = Kind::kChange;
    change_ = change_kind(condition.change().kind());
    site_ = number_of(world, condition.change().site());
    left_ = condition.change().nth();
  } else if (condition.has_becomes()) {
    const schema::Becomes& becomes = condition.becomes();
    kind_ = becomes.node().empty() ? Kind::kSite : Kind::kNode;
    site_ = number_of(world, becomes.site());
    state_ = word<domain::SiteChange>(kStates, becomes.state());
    seen_from_ = number_of(world, becomes.seen_from());
    left_ = becomes.nth();
    if (kind_ == Kind::kNode) node_ = number_of(world, *site_, becomes.node());
  } else {
    const schema::LagBelow& lag = condition.replication_lag();
    const SiteId origin = *number_of(world, lag.from());
    const SiteId replica = *number_of(world, lag.to());
    const std::size_t nodes = nodes_before(world, world.sites.size());
    kind_ = Kind::kLag;
    below_ = duration(lag.below());
    law_ = law_of(world, origin, replica);
    origin_ = world::database_layer(nodes, origin);
    replica_ = world::database_layer(nodes, replica);
  }
}

void ConditionWatch::read(const sim::Record& record) {
  if (came_) return;
  pass(record.time);
  const RecordKind kind = domain::kind_of(record.body);
  switch (kind_) {
    case Kind::kChange:
      if (kind == RecordKind::kChangeAcknowledged) read_change(record);
      break;
    case Kind::kSite:
      if (kind == RecordKind::kSiteChanged) read_site(record);
      break;
    case Kind::kNode:
      read_node(record);
      break;
    case Kind::kLag:
      read_row(record);
      break;
  }
}

void ConditionWatch::count(sim::VirtualTime now) {
  if (now >= from_ && --left_ == 0) came_ = now;
}

void ConditionWatch::read_change(const sim::Record& record) {
  const auto change = domain::ChangeAcknowledged::unpack(record.body);
  if (change.change == change_ && (!site_ || record.id.site() == *site_)) count(record.time);
}

void ConditionWatch::read_site(const sim::Record& record) {
  const auto changed = domain::SiteChanged::unpack(record.body);
  if (changed.site != *site_ || changed.change != state_) return;
  if (!seen_from_ || changed.seen_from == *seen_from_) count(record.time);
}

// What becomes of a site becomes of its nodes; one that comes up by asking has said that it is ready before.
void ConditionWatch::read_node(const sim::Record& record) {
  using domain::SiteChange;
  std::optional<SiteChange> change;
  if (domain::kind_of(record.body) == RecordKind::kNodeChanged) {
    const auto changed = domain::NodeChanged::unpack(record.body);
    if (changed.node == node_) change = changed.change;
  } else if (domain::kind_of(record.body) == RecordKind::kSiteChanged) {
    const auto changed = domain::SiteChanged::unpack(record.body);
    const bool is_power = changed.change == SiteChange::kLost || changed.change == SiteChange::kPowered ||
                          changed.change == SiteChange::kReady;
    if (changed.site == *site_ && is_power) change = changed.change;
  }
  if (!change || *change == node_state_) return;
  node_state_ = *change;
  if (node_state_ == state_) count(record.time);
}

void ConditionWatch::read_row(const sim::Record& record) {
  if (domain::kind_of(record.body) == RecordKind::kRowConflict) {
    const auto conflict = domain::RowConflict::unpack(record.body);
    const bool is_settled = conflict.outcome != domain::ConflictOutcome::kStopped;
    const RowKey key{conflict.table, conflict.row, conflict.incoming.packed};
    if (conflict.database == replica_ && is_settled) arrived(key, record.time);
    return;
  }
  if (domain::kind_of(record.body) != RecordKind::kRowChanged) return;
  const auto change = domain::RowChanged::unpack(record.body);
  const RowKey key{change.table, change.row, change.version.packed};
  if (change.database == replica_) return arrived(key, record.time);
  if (change.database != origin_ || change.means == domain::RowMeans::kApply) return;
  if (law_ && change.jurisdiction != domain::Jurisdiction{} && change.jurisdiction != *law_) return;
  places_[key] = gone_ + waiting_.size();
  waiting_.push_back(record.time);
}

void ConditionWatch::arrived(const RowKey& key, sim::VirtualTime now) {
  const auto found = places_.find(key);
  if (found == places_.end()) return;
  const std::uint64_t place = found->second;
  places_.erase(found);
  while (gone_ <= place) {
    waiting_.pop_front();
    ++gone_;
  }
  if (now >= from_ && is_below(now)) came_ = now;
}

// The first look is at `from_` itself, before whatever comes there or later.
void ConditionWatch::pass(sim::VirtualTime now) {
  if (kind_ != Kind::kLag || is_looked_at_ || now < from_) return;
  is_looked_at_ = true;
  if (is_below(from_)) came_ = from_;
}

}  // namespace parallax::scenarios
