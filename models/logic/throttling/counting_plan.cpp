#include "models/logic/throttling/counting_plan.h"

#include <algorithm>

namespace parallax::logic::throttling {

void CountingPlan::count(const Hit& hit, sim::VirtualTime now, Messages& out) {
  if (quota_.unit == Quota::Unit::kUnlimited) return;
  if (now >= window_.end) open_window(now, out);
  if (hit.at < window_.start && options_->late_events == LateEvents::kDrop) return;
  Count& count = counts_[hit.key];
  const std::uint64_t amount = quota_.unit == Quota::Unit::kBytes ? hit.bytes : 1;
  count.amount += amount;
  if (options_->scope == CounterScope::kDistributed) note_unreported(count, hit.key, amount);
  if (!count.is_raised) {
    if (!is_over_limit(count)) return;
    count.is_raised = true;
    raised_.push_back(hit.key);
  }
  out.push_back({hit.key, window_.end, true});
}

bool CountingPlan::is_over_limit(const Count& count) const {
  if (is_shared_down_ && options_->when_shared_down != WhenSharedDown::kLocal) {
    return options_->when_shared_down == WhenSharedDown::kClosed;
  }
  return count.amount >= quota_.amount;
}

void CountingPlan::expire(sim::VirtualTime now, Messages& out) {
  if (now < window_.end) return;
  for (const ThrottleKey key : raised_) out.push_back({key, window_.end, false});
  raised_.clear();
  if (!counts_.empty()) counts_.clear();  // which visits the whole table, empty or not
  reports_.clear();                       // the shared counter's window is over as well
}

void CountingPlan::open_window(sim::VirtualTime now, Messages& out) {
  expire(now, out);
  window_ = window_at(quota_.window, now);
}

void CountingPlan::note_unreported(Count& count, ThrottleKey key, std::uint64_t amount) {
  if (count.report == kNone) {
    count.report = static_cast<std::uint32_t>(reports_.size());
    reports_.push_back({key, 0});
  }
  reports_[count.report].delta += amount;
}

void CountingPlan::synchronise(SharedCounter& shared, Messages& out) {
  const bool was_down = is_shared_down_;
  std::size_t kept = 0;
  is_shared_down_ = false;
  for (const Report& report : reports_) {
    Count& count = counts_.find(report.key)->second;
    const auto total = is_shared_down_ ? std::nullopt : shared.add(report.key, window_, report.delta);
    if (total) {
      count.report = kNone;
      count.amount = std::max(count.amount, total->total);  // another store's clock may have left the window already
    } else {
      is_shared_down_ = true;
      count.report = static_cast<std::uint32_t>(kept);
      reports_[kept++] = report;
    }
  }
  reports_.erase(reports_.begin() + static_cast<std::ptrdiff_t>(kept), reports_.end());
  if (was_down && !is_shared_down_) lift_what_fell_below(out);
}

void CountingPlan::lift_what_fell_below(Messages& out) {
  std::erase_if(raised_, [&](ThrottleKey key) {
    Count& count = counts_.find(key)->second;
    if (is_over_limit(count)) return false;
    count.is_raised = false;
    out.push_back({key, window_.end, false});
    return true;
  });
}

PlanSnapshot CountingPlan::snapshot() const {
  PlanSnapshot taken{quota_, window_, {}, raised_};
  taken.counts.reserve(counts_.size());
  for (const auto& [key, count] : counts_) {
    taken.counts.push_back({key, count.amount, count.report == kNone ? 0 : reports_[count.report].delta});
  }
  std::ranges::sort(taken.counts, {}, &PlanSnapshot::Count::key);
  return taken;
}

void CountingPlan::restore(const PlanSnapshot& snapshot) {
  window_ = snapshot.window;
  counts_.clear();
  reports_.clear();
  raised_ = snapshot.raised;
  for (const PlanSnapshot::Count& one : snapshot.counts) {
    Count& count = counts_[one.key];
    count.amount = one.amount;
    if (one.unreported > 0) note_unreported(count, one.key, one.unreported);
  }
  for (const ThrottleKey key : raised_) counts_[key].is_raised = true;
}

}  // namespace parallax::logic::throttling
