#include "tests/support/allocations.h"

#include <atomic>
#include <cstddef>
#include <cstdlib>
#include <new>

#include "tests/support/sanitized.h"

namespace parallax::testing {

namespace {

std::atomic<std::uint64_t> count{0};

}  // namespace

std::uint64_t allocations() { return count.load(); }

#ifdef PARALLAX_SANITIZED

const bool kCountsAllocations = false;

#else

const bool kCountsAllocations = true;

namespace {

void* counted(void* memory) {
  if (memory == nullptr) throw std::bad_alloc{};
  count.fetch_add(1, std::memory_order_relaxed);
  return memory;
}

}  // namespace

#endif

}  // namespace parallax::testing

#ifndef PARALLAX_SANITIZED

// The operators for arrays and without exceptions call these, by the standard.
void* operator new(std::size_t bytes) { return parallax::testing::counted(std::malloc(bytes > 0 ? bytes : 1)); }
void* operator new(std::size_t bytes, std::align_val_t alignment) {
  const auto step = static_cast<std::size_t>(alignment);
  return parallax::testing::counted(std::aligned_alloc(step, (bytes + step - 1) / step * step));
}
void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }
void operator delete(void* memory, std::align_val_t) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t, std::align_val_t) noexcept { std::free(memory); }

#endif
