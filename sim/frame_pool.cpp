#include "sim/frame_pool.h"

#include <cstdint>
#include <new>

namespace parallax::sim {

void* FramePool::allocate(std::size_t bytes) {
  if (bytes > kLargest) return ::operator new(bytes);
  const std::size_t size = size_class(bytes);
  Free* frame = free_[size];
  if (frame == nullptr) {
    frame = cut(size);
  } else {
    free_[size] = frame->next;
  }
  return frame;
}

// What is left of an arena that is too small for this size stays unused: at most a frame in 64 KiB.
FramePool::Free* FramePool::cut(std::size_t size) {
  const std::size_t bytes = size * kStep;
  if (static_cast<std::size_t>(arena_end_ - unused_) < bytes) open_arena();
  auto* frame = new (unused_) Free{nullptr};
  unused_ += bytes;
  return frame;
}

void FramePool::open_arena() {
  std::byte* arena = arena_end_;
  if (arena == block_end_) {
    blocks_.emplace_back(::operator new (kBlock, std::align_val_t{kArena}));
    arena = static_cast<std::byte*>(blocks_.back().get());
    block_end_ = arena + kBlock;
  }
  new (arena) Header{this};
  unused_ = arena + kStep;
  arena_end_ = arena + kArena;
}

void FramePool::free(void* frame, std::size_t bytes) {
  if (bytes > kLargest) return ::operator delete(frame);
  const auto arena = reinterpret_cast<std::uintptr_t>(frame) & ~(kArena - 1);
  FramePool& pool = *reinterpret_cast<Header*>(arena)->pool;
  Free*& first = pool.free_[size_class(bytes)];
  first = new (frame) Free{first};
}

}  // namespace parallax::sim
