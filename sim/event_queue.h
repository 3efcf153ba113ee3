// The future event list of one logical process: an adaptive ladder queue (after Tang, Goh and Thng, ACM TOMACS 15(3),
// 2005). Far events lie unsorted in `top`. When their time comes they are dealt into the buckets of a rung by a shift
// of their key; a bucket that is still large is dealt into a rung of its own; one of a few events is sorted into
// `bottom`, from where events leave. Each pass touches memory in order, which is what a heap of a million events
// cannot do: it pays a cache miss per level.
//
// Measured on one core of an AMD Zen 4 (`make bench`, PHOLD, medians of 5 interleaved runs): 20 M events/s at 16,384
// pending and 12.5 M at 1,048,576, against 9.7 M and 2.7 M of a std::priority_queue of 32-byte events and 5.8 M and
// 2.0 M of ns-3. What carries it, besides the local passes: the targets of the next events are known, and are fetched
// before they are woken.
//
// Keys are numbers of 128 bits, (time, origin), all distinct. Buckets are cut in this number, not in time alone, so a
// million events of one instant are dealt out like any others.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

#include "sim/event.h"
#include "sim/event_bag.h"

namespace parallax::sim {

class EventQueue {
 public:
  EventQueue();

  /// Requires: a key equal to no other's. One below that of the last event taken, which an event of the same instant
  /// may have, comes next.
  void push(const Event& event) {
    const Wide key = event.key.wide();
    ++size_;
    if (key >= top_start_) return push_top(event, key);
    for (std::size_t depth = 0; depth < rungs_in_use_; ++depth) {
      Rung& rung = *rungs_[depth];
      if (key >= rung.next_start) return rung.add(event, key, chunks_);
    }
    push_bottom(event, key);
  }

  /// The next event, or null if there is none. Valid until the queue changes.
  const Event* peek() {
    if (head_ == tail_ && !refill()) return nullptr;
    return &bottom_[head_];
  }

  /// Removes the event that peek() shows. Requires: peek() was not null.
  Event pop() {
    --size_;
    if (head_ + kPrefetch < tail_) bottom_[head_ + kPrefetch].target.prefetch();
    return bottom_[head_++];
  }

  std::size_t size() const { return size_; }

 private:
  static constexpr std::size_t kPrefetch = 6;  ///< events ahead: memory answers in the time of a few
  struct Rung {
    static constexpr std::size_t kBuckets = 1024;
    Wide start;
    Wide next_start;      ///< of the first bucket that is not consumed; what comes before goes further down the ladder
    unsigned shift;       ///< log2 of a bucket's width
    std::size_t last;     ///< index of the last bucket, which reaches to the end of the level above
    std::size_t current;  ///< first bucket that is not consumed
    std::array<std::uint64_t, kBuckets / 64> occupied;
    std::array<EventBag, kBuckets> buckets;

    void add(const Event& event, Wide key, EventChunkPool& chunks) {
      const Wide offset = (key - start) >> shift;
      const std::size_t bucket = offset > last ? last : static_cast<std::size_t>(offset);
      occupied[bucket / 64] |= std::uint64_t{1} << bucket % 64;
      buckets[bucket].add(event, chunks);
    }
    std::size_t next_occupied() const;
  };

  void push_top(const Event& event, Wide key) {
    if (key < top_least_) top_least_ = key;
    if (key > top_greatest_) top_greatest_ = key;
    top_.add(event, chunks_);
  }
  void push_bottom(const Event& event, Wide key);
  bool refill();
  Rung& add_rung(Wide least, Wide greatest, std::size_t events);
  void deal(EventBag& bag);
  void deal(EventBag& bag, Wide least, Wide greatest);
  void sort_into_bottom(EventBag& bag);
  void spill_bottom();
  static std::pair<Wide, Wide> extremes(const EventBag& bag);
  void deal_rungs_anew();

  EventChunkPool chunks_;
  EventBag top_;
  Wide top_start_{0};  ///< keys from here on go to the top
  Wide top_least_;
  Wide top_greatest_;
  std::vector<std::unique_ptr<Rung>> rungs_;  ///< the widest first; those past rungs_in_use_ wait for use
  std::size_t rungs_in_use_{0};
  std::vector<Event> bottom_;  ///< ascending in [head_, tail_)
  std::size_t head_{0};
  std::size_t tail_{0};
  std::size_t size_{0};
};

}  // namespace parallax::sim
