// What an event does: a small callable stored in place, so that scheduling allocates nothing. Captures must be plain
// data (ids, instants, references to entities that outlive the run), 64 bytes at most.
#pragma once

#include <cstddef>
#include <new>
#include <type_traits>

namespace parallax::sim {

class Action {
 public:
  static constexpr std::size_t kCapacity = 64;

  Action() = default;

  template <typename Callable>
  requires(!std::is_same_v<std::remove_cvref_t<Callable>, Action>) Action(Callable callable)
      : call_{[](void* self) { (*std::launder(static_cast<Callable*>(self)))(); }} {
    static_assert(sizeof(Callable) <= kCapacity, "capture less: an event carries ids, not data");
    static_assert(alignof(Callable) <= alignof(void*));
    static_assert(std::is_trivially_copyable_v<Callable> && std::is_trivially_destructible_v<Callable>);
    new (storage_) Callable(callable);
  }

  void operator()() { call_(storage_); }

  /// Whether there is anything to do.
  explicit operator bool() const { return call_ != nullptr; }

 private:
  void (*call_)(void*){nullptr};
  alignas(void*) std::byte storage_[kCapacity]{};
};

}  // namespace parallax::sim
