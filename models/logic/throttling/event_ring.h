// What a gateway tells counter stores of an admitted call, and the ring in which it waits to be sent (carbon-apimgt
// throttling publisher; data-bridge agent EventQueue). Putting never blocks: a full ring drops the event, which is then
// counted nowhere, and counts the drop.
//
// One thread's, like all of this folder: a host has a ring for each worker, or a lock around it. Whenever the ring runs
// empty it begins again at its first slot, so one that is drained at once stays in the processor's cache.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "models/logic/throttling/subject.h"
#include "sim/time.h"

namespace parallax::logic::throttling {

/// Keys and tiers of every level follow from the subject.
struct ThrottleEvent {
  Subject subject{};
  sim::VirtualTime at{};  ///< by the gateway's wall clock
};

inline constexpr std::uint32_t kEventRingCapacity = 32'768;  // data-bridge agent, queue size

class EventRing {
 public:
  /// Requires: capacity > 0.
  explicit EventRing(std::uint32_t capacity = kEventRingCapacity) : capacity_{capacity} { slots_.reserve(capacity); }

  enum class Put : std::uint8_t { kTaken, kDropped };
  Put put(const ThrottleEvent& event) {
    if (size_ == capacity_) return ++dropped_, Put::kDropped;
    const std::uint32_t place = wrap(head_ + size_++);
    if (place == slots_.size()) {
      slots_.push_back(event);
    } else {
      slots_[place] = event;
    }
    return Put::kTaken;
  }

  /// The oldest. Requires: not empty. Valid until it is dropped from the ring by `pop`.
  const ThrottleEvent& front() const { return slots_[head_]; }
  void pop() {
    --size_;
    head_ = size_ == 0 ? 0 : wrap(head_ + 1);
  }

  bool empty() const { return size_ == 0; }
  std::uint32_t size() const { return size_; }
  std::uint64_t dropped() const { return dropped_; }

 private:
  std::uint32_t wrap(std::uint32_t place) const { return place >= capacity_ ? place - capacity_ : place; }

  std::uint32_t capacity_;
  std::uint32_t head_{0};
  std::uint32_t size_{0};
  std::uint64_t dropped_{0};
  std::vector<ThrottleEvent> slots_;  ///< as many as were ever in use; the memory of the others is not touched
};

}  // namespace parallax::logic::throttling
