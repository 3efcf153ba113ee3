// The future event list of one logical process: a binary heap of keys over a pool of actions. The order is total,
// (time, scheduling site, that site's counter), so the order of insertion never matters.
#pragma once

#include <compare>
#include <cstdint>
#include <vector>

#include "sim/action.h"
#include "sim/record.h"
#include "sim/time.h"

namespace parallax::sim {

/// `origin` packs the site that scheduled the event (upper 16 bits) and that site's counter (lower 48).
struct EventKey {
  VirtualTime time;
  std::uint64_t origin;
  friend constexpr auto operator<=>(EventKey, EventKey) = default;
};

/// Names a scheduled event until it runs or is cancelled.
struct Timer {
  std::uint32_t slot{0};
  std::uint32_t generation{0};  ///< 0: no event
};

class EventQueue {
 public:
  Timer push(EventKey key, const Action& action);

  /// False if the event has run or was cancelled before.
  bool cancel(Timer timer);

  bool empty();

  /// Key of the next event. Requires: !empty().
  EventKey top() const { return heap_.front().key; }

  /// Removes the next event. Requires: !empty().
  Action pop();

 private:
  struct Entry {
    EventKey key;
    Timer timer;
    friend bool operator>(const Entry& a, const Entry& b) { return a.key > b.key; }
  };
  struct Slot {
    Action action;
    std::uint32_t generation{1};
  };

  bool is_live(Timer timer) const { return slots_[timer.slot].generation == timer.generation; }
  void release(Timer timer);
  void drop_cancelled();

  std::vector<Entry> heap_;
  std::vector<Slot> slots_;
  std::vector<std::uint32_t> free_;
};

}  // namespace parallax::sim
