#include "models/audit/limits.h"

#include <algorithm>

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

}  // namespace

Limits::Limits(const Setup& setup) : setup_{setup}, open_(setup.catalog->subscriptions.size()) {}

Limits::Window& Limits::window_at(SubscriptionId subscription, sim::VirtualTime now) {
  std::optional<Window>& window = open_[domain::index(subscription)];
  const sim::VirtualTime start = sim::floor_to(now, limit_of(subscription).window);
  if (window && window->counts.start == start) return *window;
  if (window) close(*window);
  const std::size_t nodes = setup_.observers.size();
  window.emplace();
  window->counts.subscription = subscription;
  window->counts.start = start;
  window->counts.admitted_by_node.resize(nodes);
  window->counts.refused_by_node.resize(nodes);
  window->reached.resize(nodes);
  return *window;
}

bool Limits::is_exhausted(SubscriptionId subscription, sim::VirtualTime now) {
  return window_at(subscription, now).counts.admitted >= limit_of(subscription).requests;
}

std::uint64_t Limits::seen_by(NodeId node, const Window& window) const {
  std::uint64_t seen = 0;
  for (const NodeId other : setup_.observers[domain::index(node)].counted_with) {
    seen += window.counts.admitted_by_node[domain::index(other)];
  }
  return seen;
}

Stage Limits::cause_at(NodeId node, SubscriptionId subscription, sim::VirtualTime now) {
  const Window& window = window_at(subscription, now);
  const auto& reached = window.reached[domain::index(node)];
  if (!reached) return Stage::kCounterNotShared;
  const sim::Duration event_delay = setup_.observers[domain::index(node)].event_delay;
  return now < *reached + event_delay ? Stage::kEventInFlight : Stage::kDecisionPush;
}

void Limits::count(NodeId node, SubscriptionId subscription, sim::VirtualTime now, Admission admission) {
  Window& window = window_at(subscription, now);
  ++window.counts.demand;
  if (admission == Admission::kRefused) {
    ++window.counts.refused_by_node[domain::index(node)];
  } else {
    ++window.counts.admitted;
    ++window.counts.admitted_by_node[domain::index(node)];
    if (window.last == Admission::kRefused) ++window.counts.flips;
    for (std::size_t other = 0; other < window.reached.size(); ++other) {
      const bool reached = seen_by(static_cast<NodeId>(other), window) >= limit_of(subscription).requests;
      if (reached && !window.reached[other]) window.reached[other] = now;
    }
  }
  window.last = admission;
}

void Limits::close(const Window& window) {
  LimitFinding finding = window.counts;
  if (finding.demand == 0) return;
  const std::uint64_t limit = limit_of(finding.subscription).requests;
  finding.over = finding.admitted - std::min(finding.admitted, std::min(finding.demand, limit));
  ++totals_.windows;
  totals_.over += finding.over;
  totals_.flips += finding.flips;
  totals_.windows_over += finding.over > 0 ? 1 : 0;
  totals_.ratio_max = std::max(totals_.ratio_max, static_cast<double>(finding.admitted) / static_cast<double>(limit));
  if (finding.over == 0) return;
  worst_.insert(std::upper_bound(worst_.begin(), worst_.end(), finding, worse), finding);
  if (worst_.size() > kWorstLimits) worst_.pop_back();
}

void Limits::finish(Findings& findings) {
  for (auto& window : open_) {
    if (window) close(*window);
    window.reset();
  }
  findings.limits = totals_;
  findings.worst_limits = worst_;
}

}  // namespace parallax::audit
