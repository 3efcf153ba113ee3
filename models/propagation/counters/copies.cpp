#include "models/propagation/counters/copies.h"

#include <utility>

namespace parallax::propagation::counters {

using logic::throttling::Counts;

// --- The counter

void CountingLimiter::copy_connected(std::size_t copy) {
  images_.push_back(std::make_unique<const Tallies>(tallies_));
  const Copy& to = copies_[copy];
  to.end->send([limiter = to.limiter, image = images_.back().get()] { limiter->begin_with(*image); });
}

void CountingLimiter::ask(ThrottleKey key, std::uint64_t request) {
  const bool is_admitted = tallies_.admit(key, site_.now());
  if (is_admitted || tallies_.spec().counts == Counts::kAll) pass_on(key, site_.now());
  asker_.answered(request, is_admitted ? Answer::kAdmitted : Answer::kRefused);
}

void CountingLimiter::count(ThrottleKey key, sim::VirtualTime when) {
  tallies_.add(key, when);
  pass_on(key, when);
}

void CountingLimiter::pass_on(ThrottleKey key, sim::VirtualTime when) {
  for (const Copy& copy : copies_) {
    if (!copy.end->is_open()) continue;
    copy.end->send([limiter = copy.limiter, key, when] { limiter->count(key, when); });
  }
}

// --- A copy

void CopyingLimiter::opened() {
  for (const Counted& counted : std::exchange(waiting_, {})) tell(counted);
}

void CopyingLimiter::ask(ThrottleKey key, std::uint64_t request) {
  const bool is_admitted = tallies_.total(key, site_.now()) < spec_.tally.limit;
  if (is_admitted || spec_.tally.counts == Counts::kAll) {
    const Counted counted{key, site_.now()};
    site_.after(spec_.exchange_delay, [this, counted] { tell(counted); });
  }
  asker_.answered(request, is_admitted ? Answer::kAdmitted : Answer::kRefused);
}

void CopyingLimiter::tell(const Counted& counted) {
  if (!end_->is_open()) return waiting_.push_back(counted);
  end_->send([counter = &counter_, counted] { counter->count(counted.key, counted.when); });
}

}  // namespace parallax::propagation::counters
