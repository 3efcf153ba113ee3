// Memory for the frames of one logical process's coroutines, used again by size. The pool of a frame is found by its
// address, in the header of the 64 KiB arena that it was cut from, so a frame carries nothing extra and may be freed by
// whichever thread executes its logical process then.
#pragma once

#include <array>
#include <cstddef>
#include <memory>
#include <new>
#include <vector>

namespace parallax::sim {

class FramePool {
 public:
  FramePool() = default;
  FramePool(const FramePool&) = delete;
  FramePool& operator=(const FramePool&) = delete;

  /// Aligned to 16 bytes. Frames above kLargest come from the heap.
  void* allocate(std::size_t bytes);

  /// Requires: `bytes` as they were asked for.
  static void free(void* frame, std::size_t bytes);

 private:
  static constexpr std::size_t kArena = 64 * 1024;
  static constexpr std::size_t kBlock = 16 * kArena;  ///< asked for at a time; untouched pages cost nothing
  static constexpr std::size_t kStep = 16;
  static constexpr std::size_t kLargest = 1024;

  struct Free {
    Free* next;
  };
  struct Header {
    FramePool* pool;
  };
  struct Release {
    void operator()(void* block) const { ::operator delete (block, std::align_val_t{kArena}); }
  };
  static constexpr std::size_t size_class(std::size_t bytes) { return (bytes + kStep - 1) / kStep; }
  Free* cut(std::size_t size);
  void open_arena();

  std::array<Free*, kLargest / kStep + 1> free_{};
  std::vector<std::unique_ptr<void, Release>> blocks_;
  std::byte* unused_{nullptr};  ///< of the open arena
  std::byte* arena_end_{nullptr};
  std::byte* block_end_{nullptr};
};

}  // namespace parallax::sim
