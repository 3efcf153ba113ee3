#include "models/logic/throttling/shared_counter.h"

namespace parallax::logic::throttling {

std::optional<SharedCount> InMemorySharedCounter::add(ThrottleKey key, Window window, std::uint64_t delta) {
  if (state_ == State::kDown) return std::nullopt;
  SharedCount& count = counts_.try_emplace(key, SharedCount{window, 0}).first->second;
  if (window.start >= count.window.end) count = {window, 0};
  if (window.end > count.window.start) count.total += delta;
  return count;
}

}  // namespace parallax::logic::throttling
