#include "models/logic/throttling/anchored_limiter.h"

namespace parallax::logic::throttling {

AnchoredLimiter::Verdict AnchoredLimiter::admit(std::uint32_t index, ThrottleKey key, Burst limit,
                                                sim::VirtualTime now) {
  if (index >= slots_.size()) [[unlikely]] {
    slots_.resize(index + 1);
  }
  Slot& slot = slots_[index];
  if (now >= slot.end || slot.tag != key.tag()) open(slot, key, limit, now);
  switch (options_.scope) {
    case LimitScope::kGlobal:
      return count_global(index, key, limit);
    case LimitScope::kHybrid:
      return count_hybrid(slot, key, limit);
    case LimitScope::kNode:
      break;
  }
  return count(slot, limit);
}

void AnchoredLimiter::open(Slot& slot, ThrottleKey key, Burst limit, sim::VirtualTime now) {
  slot.end = now + limit.per;
  slot.count = 0;
  slot.tag = key.tag();
  slot.is_synchronous = false;
  // What was not yet reported of the window before is of no use to anybody now.
  if (slot.report != kNone) {
    Report& report = reports_[slot.report];
    report = {key, {now, slot.end}, report.slot, 0};
  }
}

AnchoredLimiter::Verdict AnchoredLimiter::count(Slot& slot, Burst limit) {
  if (slot.count >= limit.requests) return {.is_admitted = false, .window_end = slot.end};
  ++slot.count;
  return {.window_end = slot.end};
}

AnchoredLimiter::Verdict AnchoredLimiter::count_global(std::uint32_t index, ThrottleKey key, Burst limit) {
  Slot& slot = slots_[index];
  if (is_shared_down_ && options_.when_shared_down != WhenSharedDown::kLocal) {
    return {.is_admitted = options_.when_shared_down == WhenSharedDown::kOpen, .window_end = slot.end};
  }
  const Verdict verdict = count(slot, limit);
  if (!verdict.is_admitted) return verdict;
  if (slot.report == kNone) {
    slot.report = static_cast<std::uint32_t>(reports_.size());
    reports_.push_back({key, {slot.end - limit.per, slot.end}, index, 0});
  }
  ++reports_[slot.report].delta;
  return verdict;
}

void AnchoredLimiter::synchronise() {
  std::size_t kept = 0;
  is_shared_down_ = false;
  for (const Report& report : reports_) {
    const auto shared = is_shared_down_ ? std::nullopt : shared_->add(report.key, report.window, report.delta);
    if (shared) {
      slots_[report.slot].report = kNone;
      take_over(slots_[report.slot], *shared);
    } else {
      is_shared_down_ = true;  // the others need not be tried; all are reported again next time
      slots_[report.slot].report = static_cast<std::uint32_t>(kept);
      reports_[kept++] = report;
    }
  }
  reports_.erase(reports_.begin() + static_cast<std::ptrdiff_t>(kept), reports_.end());
}

AnchoredLimiter::Verdict AnchoredLimiter::count_hybrid(Slot& slot, ThrottleKey key, Burst limit) {
  if (slot.is_synchronous) {
    if (slot.count >= limit.requests) return {.is_admitted = false, .window_end = slot.end};
    return ask(slot, key, limit);
  }
  const std::uint64_t shared_out = std::uint64_t{limit.requests} * (100 - options_.reserve_percent) / 100;
  if (slot.count < shared_out / options_.gateways) return count(slot, limit);
  return ask(slot, key, limit);
}

// The request asked for is added with what is not yet reported. If that is one too many, the total stays above the
// limit, where everybody is refused anyway.
AnchoredLimiter::Verdict AnchoredLimiter::ask(Slot& slot, ThrottleKey key, Burst limit) {
  const std::uint64_t unreported = slot.is_synchronous ? 0 : slot.count;
  const auto shared = shared_->add(key, {slot.end - limit.per, slot.end}, unreported + 1);
  if (!shared) {
    Verdict verdict{.has_asked_shared = true, .window_end = slot.end};
    if (options_.when_shared_down == WhenSharedDown::kClosed) verdict.is_admitted = false;
    if (options_.when_shared_down == WhenSharedDown::kLocal) verdict.is_admitted = count(slot, limit).is_admitted;
    return verdict;
  }
  const bool is_news = !slot.is_synchronous;
  slot.is_synchronous = true;
  take_over(slot, *shared);
  return {shared->total <= limit.requests, true, is_news, slot.end};
}

void AnchoredLimiter::go_synchronous(std::uint32_t index, ThrottleKey key, Burst limit, sim::VirtualTime now) {
  reserve(index + 1);
  Slot& slot = slots_[index];
  if (now >= slot.end || slot.tag != key.tag()) open(slot, key, limit, now);
  if (slot.is_synchronous) return;
  const auto shared = shared_->add(key, {slot.end - limit.per, slot.end}, slot.count);
  if (!shared) return;  // the next request finds out whether it is back
  slot.is_synchronous = true;
  take_over(slot, *shared);
}

void AnchoredLimiter::take_over(Slot& slot, const SharedCount& shared) {
  constexpr std::uint64_t kMax = std::numeric_limits<std::uint32_t>::max();
  slot.end = shared.window.end;
  slot.count = static_cast<std::uint32_t>(std::min(shared.total, kMax));
}

}  // namespace parallax::logic::throttling
