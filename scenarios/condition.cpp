#include "scenarios/condition.h"

#include <algorithm>
#include <array>
#include <vector>

#include "models/world/layers.h"
#include "scenarios/checked_text.h"
#include "scenarios/nodes.h"

namespace parallax::scenarios {

namespace {

using domain::RecordKind;
using sim::SiteId;

const std::array<std::string, 7> kStates{"lost", "powered", "ready", "marked_down", "marked_up", "promoted", "fenced"};

// Sites come before regions, as in compile().
std::optional<SiteId> number_of(const schema::Scenario& scenario, const std::string& name) {
  if (name.empty()) return std::nullopt;
  for (int i = 0; i < scenario.sites_size(); ++i) {
    if (scenario.sites(i).name() == name) return static_cast<SiteId>(i);
  }
  for (int i = 0; i < scenario.regions_size(); ++i) {
    if (scenario.regions(i).name() == name) return static_cast<SiteId>(scenario.sites_size() + i);
  }
  return std::nullopt;
}

std::size_t nodes_before(const schema::Scenario& scenario, SiteId site) {
  std::size_t nodes = 0;
  for (std::size_t i = 0; i < sim::index(site); ++i) {
    nodes += static_cast<std::size_t>(scenario.sites(static_cast<int>(i)).nodes_size());
  }
  return nodes;
}

domain::LayerId database_of(const schema::Scenario& scenario, const std::string& site) {
  const std::size_t nodes = nodes_before(scenario, static_cast<SiteId>(scenario.sites_size()));
  return world::database_layer(nodes, *number_of(scenario, site));
}

// Of a stream that keeps rows of another law at home: the number of its target's, as compile() numbers them.
std::optional<std::uint32_t> kept_home(const schema::Scenario& scenario, const schema::LagBelow& lag) {
  const bool keeps = std::any_of(scenario.replications().begin(), scenario.replications().end(), [&](const auto& one) {
    const bool is_it = (one.from() == lag.from() && one.to() == lag.to()) ||
                       (!one.one_way() && one.to() == lag.from() && one.from() == lag.to());
    return is_it && one.keeps_home();
  });
  if (!keeps) return std::nullopt;
  std::vector<std::string> laws;
  for (const schema::Site& site : scenario.sites()) {
    const bool is_new = std::find(laws.begin(), laws.end(), site.jurisdiction()) == laws.end();
    if (!site.jurisdiction().empty() && is_new) laws.push_back(site.jurisdiction());
    if (site.name() == lag.to()) {
      const auto law = std::find(laws.begin(), laws.end(), site.jurisdiction());
      return site.jurisdiction().empty() ? 0 : static_cast<std::uint32_t>(law - laws.begin()) + 1;
    }
  }
  return std::nullopt;
}

domain::ChangeKind change_kind(const std::string& name) {
  const auto found = std::find_if(domain::kChangeKinds.begin(), domain::kChangeKinds.end(),
                                  [&](domain::ChangeKind kind) { return domain::name_of(kind) == name; });
  return *found;
}

}  // namespace

std::span<const std::string> state_words() { return kStates; }

ConditionWatch::ConditionWatch(const schema::Condition& condition, const schema::Scenario& scenario,
                               sim::VirtualTime from)
    : from_{from} {
  if (condition.has_change()) {
    kind_ = Kind::kChange;
    change_ = change_kind(condition.change().kind());
    site_ = number_of(scenario, condition.change().site());
    left_ = condition.change().nth();
  } else if (condition.has_becomes()) {
    const schema::Becomes& becomes = condition.becomes();
    kind_ = becomes.node().empty() ? Kind::kSite : Kind::kNode;
    site_ = number_of(scenario, becomes.site());
    state_ = word<domain::SiteChange>(kStates, becomes.state());
    seen_from_ = number_of(scenario, becomes.seen_from());
    left_ = becomes.nth();
    if (kind_ == Kind::kSite) return;
    const auto place = find_node(scenario.sites(static_cast<int>(*site_)), becomes.node());
    node_ = static_cast<domain::NodeId>(nodes_before(scenario, *site_) + *place);
  } else {
    kind_ = Kind::kLag;
    below_ = duration(condition.replication_lag().below());
    const schema::LagBelow& lag = condition.replication_lag();
    kept_home_ = kept_home(scenario, lag);
    origin_ = database_of(scenario, lag.from());
    replica_ = database_of(scenario, condition.replication_lag().to());
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
      if (kind == RecordKind::kNodeChanged) read_node(record);
      if (kind == RecordKind::kSiteChanged) read_site(record);  // its nodes share what becomes of it
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

void ConditionWatch::read_node(const sim::Record& record) {
  const auto changed = domain::NodeChanged::unpack(record.body);
  if (changed.node == node_ && changed.change == state_) count(record.time);
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
  const auto law = static_cast<std::uint32_t>(change.jurisdiction);
  if (kept_home_ && law != 0 && law != *kept_home_) return;
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
