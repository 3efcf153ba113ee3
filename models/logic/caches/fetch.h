// Asks main memory for what will be needed soon, without waiting for it.
#pragma once

namespace parallax::logic::caches {

enum class For { kReading, kWriting };

/// The line at `address`, which need not be valid. The empty statement is for g++ 12: to it a function that does
/// nothing but fetch has no effect, and it leaves out the call.
template <For purpose = For::kReading>
inline void fetch(const void* address) {
  __builtin_prefetch(address, purpose == For::kWriting ? 1 : 0);
  asm volatile("");
}

}  // namespace parallax::logic::caches
