#include "models/logic/throttling/burst_limiter.h"

namespace parallax::logic::throttling {

std::uint32_t BurstLimiter::slot_of(ThrottleKey application) {
  const auto next = static_cast<std::uint32_t>(application_slots_.size() + free_.size());
  const auto [entry, is_new] = application_slots_.try_emplace(application, next);
  if (is_new && !free_.empty()) {
    entry->second = free_.back();
    free_.pop_back();
  }
  return entry->second;
}

// The order in which slots become free decides which index a later key gets, and nothing else.
void BurstLimiter::sweep(sim::VirtualTime now) {
  boost::unordered::erase_if(application_slots_, [&](const auto& entry) {
    if (!applications_.is_idle(entry.second, now)) return false;
    free_.push_back(entry.second);
    return true;
  });
}

}  // namespace parallax::logic::throttling
