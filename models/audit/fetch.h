// Memory is asked for some records ahead of its use: what the audit keeps of tokens and subscriptions is more than a
// cache holds, and is used in no order.
#pragma once

#include <cstddef>

namespace parallax::audit {

/// Records between the request and the use: the work on so many takes about as long as memory does.
inline constexpr std::size_t kFetchAhead = 16;

inline constexpr std::size_t kCacheLine = 64;

/// All lines of it. GCC takes a function that does nothing else for one without effect, and drops the calls of it; the
/// empty instruction keeps them.
template <typename Value>
void fetch_lines(const Value& value) {
  const auto* const bytes = reinterpret_cast<const std::byte*>(&value);
  for (std::size_t at = 0; at < sizeof(Value); at += kCacheLine) __builtin_prefetch(bytes + at);
  __asm__ volatile("");
}

}  // namespace parallax::audit
