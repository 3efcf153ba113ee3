// Memory for tables of many megabytes that are read at random: asked of the kernel in huge pages (madvise), because
// there every look-up misses the processor's table of pages too. A hint: where there are none, the memory is ordinary.
#pragma once

#include <sys/mman.h>

#include <cstddef>
#include <cstdlib>
#include <limits>
#include <memory>
#include <new>

namespace parallax::logic::caches {

template <typename T>
struct HugePageAllocator {
  using value_type = T;

  HugePageAllocator() = default;
  template <typename Other>
  constexpr HugePageAllocator(const HugePageAllocator<Other>&) {}  // NOLINT: allocators convert

  T* allocate(std::size_t count) {
    if (count > kMost) throw std::bad_array_new_length{};
    const std::size_t bytes = count * sizeof(T);
    if (!is_huge(bytes)) return std::allocator<T>{}.allocate(count);
    const std::size_t pages = (bytes + kPage - 1) / kPage;
    void* memory = std::aligned_alloc(kPage, pages * kPage);
    if (memory == nullptr) throw std::bad_alloc{};
    madvise(memory, pages * kPage, MADV_HUGEPAGE);
    return static_cast<T*>(memory);
  }

  void deallocate(T* memory, std::size_t count) {
    if (!is_huge(count * sizeof(T))) return std::allocator<T>{}.deallocate(memory, count);
    std::free(memory);
  }

  friend constexpr bool operator==(HugePageAllocator, HugePageAllocator) { return true; }

 private:
  static constexpr std::size_t kMost = std::numeric_limits<std::ptrdiff_t>::max() / sizeof(T) / 2;
  static constexpr std::size_t kPage = 2 << 20;  // x86-64 and AArch64 with pages of 4 KiB
  static constexpr bool is_huge(std::size_t bytes) { return bytes >= 2 * kPage; }
};

}  // namespace parallax::logic::caches
