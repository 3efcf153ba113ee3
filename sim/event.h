// An event: when, by whom it was scheduled, and what it wakes. 24 bytes, because the future event list moves events
// several times and is bound by memory, not by arithmetic.
#pragma once

#include <compare>
#include <coroutine>
#include <cstddef>
#include <cstdint>

#include "sim/time.h"

namespace parallax::sim {

__extension__ using Wide = unsigned __int128;

/// `origin` packs the site that scheduled the event (upper 16 bits) and that site's counter (lower 48), so keys are
/// distinct and the order of events is total, however they went in.
struct EventKey {
  VirtualTime time;
  std::uint64_t origin;
  friend constexpr auto operator<=>(EventKey, EventKey) = default;

  /// The same order as one number. Requires: time >= 0.
  constexpr Wide wide() const { return static_cast<Wide>(static_cast<std::uint64_t>(time.ns)) << 64 | origin; }
};

/// An entity that events wake by themselves, without an action: for hot paths. Must outlive its events.
class EventHandler {
 public:
  virtual void on_event() = 0;

 protected:
  EventHandler() = default;
  EventHandler(const EventHandler&) = default;
  EventHandler& operator=(const EventHandler&) = default;
  ~EventHandler() = default;
};

struct ActionSlot;

/// What an event wakes, in one word: a handler, a process or a pooled action, told apart by the two lowest bits of
/// its address.
class EventTarget {
 public:
  enum class Kind : std::uintptr_t { kHandler = 0, kProcess = 1, kAction = 2 };

  EventTarget() = default;
  explicit EventTarget(EventHandler& handler) : word_{reinterpret_cast<std::uintptr_t>(&handler)} {}
  explicit EventTarget(std::coroutine_handle<> process)
      : word_{reinterpret_cast<std::uintptr_t>(process.address()) | static_cast<std::uintptr_t>(Kind::kProcess)} {}
  explicit EventTarget(ActionSlot& slot)
      : word_{reinterpret_cast<std::uintptr_t>(&slot) | static_cast<std::uintptr_t>(Kind::kAction)} {}

  Kind kind() const { return static_cast<Kind>(word_ & kMask); }
  EventHandler& handler() const { return *static_cast<EventHandler*>(address()); }
  std::coroutine_handle<> process() const { return std::coroutine_handle<>::from_address(address()); }
  ActionSlot& action() const { return *reinterpret_cast<ActionSlot*>(word_ & ~kMask); }

  /// Asks for the memory that waking will touch.
  void prefetch() const {
    __builtin_prefetch(address());
    if (kind() != Kind::kHandler) __builtin_prefetch(static_cast<const std::byte*>(address()) + 64);
  }

 private:
  static constexpr std::uintptr_t kMask = 3;
  void* address() const { return reinterpret_cast<void*>(word_ & ~kMask); }

  std::uintptr_t word_{0};
};

struct Event {
  EventKey key;
  EventTarget target;
};
static_assert(sizeof(Event) == 24);

}  // namespace parallax::sim
