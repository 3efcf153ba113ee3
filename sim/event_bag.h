// Events in no order, in chunks of 256 bytes from one pool: a bag that empties gives its memory to the one that fills.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "sim/event.h"

namespace parallax::sim {

struct EventChunk {
  static constexpr std::uint64_t kEvents = 10;
  EventChunk* next;
  std::uint64_t count;
  Event events[kEvents];
};
static_assert(sizeof(EventChunk) == 256);

class EventChunkPool {
 public:
  EventChunk* get() {
    if (free_ == nullptr) grow();
    EventChunk* chunk = free_;
    free_ = chunk->next;
    return chunk;
  }
  void put(EventChunk* chunk) {
    chunk->next = free_;
    free_ = chunk;
  }

 private:
  static constexpr std::size_t kBlock = 256;  // chunks, 64 KiB
  void grow();

  EventChunk* free_{nullptr};
  std::vector<std::unique_ptr<EventChunk[]>> blocks_;
};

/// Owns its chunks only while the pool lives; the queue that owns both destroys both.
class EventBag {
 public:
  std::size_t size() const { return size_; }
  bool empty() const { return size_ == 0; }

  void add(const Event& event, EventChunkPool& pool) {
    if (chunks_ == nullptr || chunks_->count == EventChunk::kEvents) {
      EventChunk* chunk = pool.get();
      chunk->next = chunks_;
      chunk->count = 0;
      chunks_ = chunk;
    }
    chunks_->events[chunks_->count++] = event;
    ++size_;
  }

  template <typename Visitor>
  void for_each(Visitor&& visit) const {
    for (const EventChunk* chunk = chunks_; chunk != nullptr; chunk = chunk->next) {
      __builtin_prefetch(chunk->next);
      for (std::uint64_t i = 0; i < chunk->count; ++i) visit(chunk->events[i]);
    }
  }

  /// Visits each event and gives the chunks back one by one, so that moving a bag needs no second copy of it.
  template <typename Visitor>
  void drain(EventChunkPool& pool, Visitor&& visit) {
    EventChunk* chunk = chunks_;
    *this = {};
    while (chunk != nullptr) {
      EventChunk* next = chunk->next;
      __builtin_prefetch(next);
      for (std::uint64_t i = 0; i < chunk->count; ++i) visit(chunk->events[i]);
      pool.put(chunk);
      chunk = next;
    }
  }

 private:
  EventChunk* chunks_{nullptr};
  std::size_t size_{0};
};

}  // namespace parallax::sim
