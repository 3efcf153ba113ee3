#include "sim/event_queue.h"

#include <algorithm>
#include <cassert>
#include <functional>

namespace parallax::sim {

Timer EventQueue::push(EventKey key, const Action& action) {
  if (free_.empty()) {
    free_.push_back(static_cast<std::uint32_t>(slots_.size()));
    slots_.emplace_back();
  }
  const std::uint32_t slot = free_.back();
  free_.pop_back();
  slots_[slot].action = action;
  const Timer timer{slot, slots_[slot].generation};
  heap_.push_back({key, timer});
  std::push_heap(heap_.begin(), heap_.end(), std::greater<>{});
  return timer;
}

// The heap keeps the entry of a cancelled event until it comes up; its generation no longer matches.
bool EventQueue::cancel(Timer timer) {
  if (timer.generation == 0 || !is_live(timer)) return false;
  release(timer);
  return true;
}

bool EventQueue::empty() {
  drop_cancelled();
  return heap_.empty();
}

Action EventQueue::pop() {
  assert(!heap_.empty());
  const Timer timer = heap_.front().timer;
  assert(is_live(timer));
  const Action action = slots_[timer.slot].action;
  release(timer);
  std::pop_heap(heap_.begin(), heap_.end(), std::greater<>{});
  heap_.pop_back();
  return action;
}

void EventQueue::release(Timer timer) {
  ++slots_[timer.slot].generation;
  free_.push_back(timer.slot);
}

void EventQueue::drop_cancelled() {
  while (!heap_.empty() && !is_live(heap_.front().timer)) {
    std::pop_heap(heap_.begin(), heap_.end(), std::greater<>{});
    heap_.pop_back();
  }
}

}  // namespace parallax::sim
