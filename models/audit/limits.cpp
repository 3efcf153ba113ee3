#include "models/audit/limits.h"

#include <algorithm>
#include <map>
#include <utility>

namespace parallax::audit {

using domain::NodeId;
using domain::Stage;
using domain::SubscriptionId;

namespace {

// A total order, so that the report does not depend on when windows were closed.
bool worse(const LimitFinding& a, const LimitFinding& b) {
  if (a.over != b.over) return a.over > b.over;
  if (a.start != b.start) return a.start < b.start;
  return a.subscription < b.subscription;
}

template <typename Tallies, typename Tally, typename Id>
Tally& tally_of(Tallies& tallies, Id Tally::*id, Id wanted) {
  for (Tally& tally : tallies) {
    if (tally.*id == wanted) return tally;
  }
  Tally& added = tallies.emplace_back();
  added.*id = wanted;
  return added;
}

}  // namespace

Limits::Limits(const Setup& setup, const Quotas& quotas)
    : setup_{setup},
      quotas_{quotas},
      accounts_(setup.catalog->subscriptions.size()),
      windows_(setup.catalog->tiers.size()) {
  form_groups();
}

void Limits::form_groups() {
  std::map<std::vector<NodeId>, GroupId> groups;
  groups_counting_.resize(setup_.observers.size());
  for (const Observer& observer : setup_.observers) {
    const auto [place, is_new] = groups.try_emplace(observer.counted_with, static_cast<GroupId>(groups.size()));
    group_of_.push_back(place->second);
    if (!is_new) continue;
    for (const NodeId counted : observer.counted_with)
      groups_counting_[domain::index(counted)].push_back(place->second);
  }
}

Limits::Window& Limits::next_window(SubscriptionId subscription, sim::VirtualTime now) {
  Window& window = accounts_[domain::index(subscription)].window;
  if (window.start != sim::kNever) close(subscription, window);
  const sim::Duration width = width_of(subscription);
  window = Window{};
  window.start = sim::floor_to(now, width);
  window.end = window.start + width;
  return window;
}

Limits::Left Limits::left(SubscriptionId subscription, sim::VirtualTime now) {
  const Quotas::Range limit = limit_of(subscription, now);
  const std::uint64_t admitted = window_at(subscription, now).admitted;
  if (admitted >= limit.greatest) return Left::kNone;
  return admitted >= limit.least ? Left::kSomeOrNone : Left::kSome;
}

Stage Limits::cause_at(NodeId node, SubscriptionId subscription, sim::VirtualTime now) {
  const Window& window = window_at(subscription, now);
  const auto group = std::find_if(window.groups.begin(), window.groups.end(), [&](const GroupTally& tally) {
    return tally.group == group_of_[domain::index(node)];
  });
  if (group == window.groups.end() || group->seen < limit_of(subscription, now).least) return Stage::kCounterNotShared;
  // Not reached when it was counted, but since the limit was cut.
  if (group->reached == sim::kNever) return Stage::kDecisionPush;
  const sim::Duration event_delay = setup_.observers[domain::index(node)].event_delay;
  return now < group->reached + event_delay ? Stage::kEventInFlight : Stage::kDecisionPush;
}

void Limits::count(NodeId node, SubscriptionId subscription, sim::VirtualTime now, Admission admission) {
  Window& window = window_at(subscription, now);
  const std::uint64_t limit = limit_of(subscription, now).greatest;
  window.limit = std::max(window.limit, limit);
  ++window.demand;
  NodeTally& tally = tally_of(window.nodes, &NodeTally::node, node);
  if (admission == Admission::kRefused) {
    ++tally.refused;
  } else {
    window.over += window.admitted >= limit;
    ++window.admitted;
    ++tally.admitted;
    const std::uint64_t in_span = accounts_[domain::index(subscription)].span.admit(now, width_of(subscription));
    const double ratio = static_cast<double>(in_span) / static_cast<double>(limit);
    totals_.sliding_ratio_max = std::max(totals_.sliding_ratio_max, ratio);
    if (window.last == Admission::kRefused) ++window.flips;
    for (const GroupId id : groups_counting_[domain::index(node)]) {
      GroupTally& group = tally_of(window.groups, &GroupTally::group, id);
      if (++group.seen >= limit && group.reached == sim::kNever) group.reached = now;
    }
  }
  window.last = admission;
}

void Limits::close(SubscriptionId subscription, const Window& window) {
  if (window.demand == 0) return;
  ++totals_.windows;
  ++windows_of_tier(subscription).ended;
  totals_.over += window.over;
  totals_.flips += window.flips;
  totals_.windows_over += window.over > 0 ? 1 : 0;
  const double ratio = static_cast<double>(window.admitted) / static_cast<double>(in_order(window));
  totals_.ratio_max = std::max(totals_.ratio_max, ratio);
  if (window.over == 0) return;
  const LimitFinding closed = finding(subscription, window);
  worst_.insert(std::upper_bound(worst_.begin(), worst_.end(), closed, worse), closed);
  if (worst_.size() > kWorstLimits) worst_.pop_back();
}

LimitFinding Limits::finding(SubscriptionId subscription, const Window& window) const {
  const std::size_t nodes = setup_.observers.size();
  LimitFinding finding{
      subscription, window.start, in_order(window), window.demand, window.admitted, window.over, window.flips, {}, {}};
  finding.admitted_by_node.resize(nodes);
  finding.refused_by_node.resize(nodes);
  for (const NodeTally& tally : window.nodes) {
    finding.admitted_by_node[domain::index(tally.node)] = tally.admitted;
    finding.refused_by_node[domain::index(tally.node)] = tally.refused;
  }
  return finding;
}

void Limits::finish(Findings& findings, sim::VirtualTime end) {
  for (std::size_t i = 0; i < accounts_.size(); ++i) {
    const auto subscription = static_cast<SubscriptionId>(i);
    const Window window = std::exchange(accounts_[i].window, {});
    close(subscription, window);
    if (window.demand == 0 || window.end <= end) continue;
    --windows_of_tier(subscription).ended;
    ++windows_of_tier(subscription).unfinished;
  }
  findings.timers.windows = windows_;
  findings.limits = totals_;
  findings.worst_limits = worst_;
}

}  // namespace parallax::audit
