#include "sim/event_queue.h"

#include <algorithm>
#include <bit>
#include <utility>

namespace parallax::sim {

namespace {

// By measurement on PHOLD at 16,384 and 1,048,576 pending events; all are flat within a factor of two.
constexpr std::size_t kEventsPerBucket = 16;  // aim of a rung's width
constexpr std::size_t kSortAtOnce = 32;       // a bucket of so few is sorted, not dealt again
constexpr std::size_t kManyEvents = 65'536;   // past it wide rungs are worth their larger table
constexpr std::size_t kBottomCapacity = 256;  // past it inserting costs more than another rung

constexpr std::size_t kMostRungs = 64;  // ordinary loads need four

constexpr Wide kGreatest = ~Wide{0};

unsigned bit_width(Wide x) {
  const auto high = static_cast<std::uint64_t>(x >> 64);
  return static_cast<unsigned>(high != 0 ? 64 + std::bit_width(high) : std::bit_width(static_cast<std::uint64_t>(x)));
}

void insertion_sort(Event* begin, Event* end) {
  for (Event* next = begin + 1; next < end; ++next) {
    const Event event = *next;
    const Wide key = event.key.wide();
    Event* place = next;
    for (; place > begin && key < place[-1].key.wide(); --place) *place = place[-1];
    *place = event;
  }
}

}  // namespace

void EventChunkPool::grow() {
  blocks_.push_back(std::make_unique<EventChunk[]>(kBlock));
  for (std::size_t i = kBlock; i-- > 0;) put(&blocks_.back()[i]);
}

EventQueue::EventQueue() : top_least_{kGreatest}, top_greatest_{0} { bottom_.resize(2 * kBottomCapacity); }

std::size_t EventQueue::Rung::next_occupied() const {
  for (std::size_t word = current / 64; word < occupied.size(); ++word) {
    if (occupied[word] != 0) return word * 64 + static_cast<std::size_t>(std::countr_zero(occupied[word]));
  }
  return kBuckets;
}

// New events are mostly later than most of the bottom, so look for the place from the end.
void EventQueue::push_bottom(const Event& event, Wide key) {
  if (tail_ - head_ == kBottomCapacity) {
    spill_bottom();
    --size_;
    return push(event);
  }
  if (tail_ == bottom_.size()) {
    std::copy(bottom_.begin() + static_cast<std::ptrdiff_t>(head_), bottom_.end(), bottom_.begin());
    tail_ -= std::exchange(head_, 0);
  }
  Event* const first = bottom_.data() + head_;
  Event* place = bottom_.data() + tail_++;
  for (; place > first && key < place[-1].key.wide(); --place) *place = place[-1];
  *place = event;
}

// The least and the greatest key. Requires: not empty.
std::pair<Wide, Wide> EventQueue::extremes(const EventBag& bag) {
  Wide least = kGreatest;
  Wide greatest = 0;
  bag.for_each([&](const Event& event) {
    const Wide key = event.key.wide();
    least = std::min(least, key);
    greatest = std::max(greatest, key);
  });
  return {least, greatest};
}

// Events that come in descending order open one rung below the other; past this depth all are dealt anew.
void EventQueue::deal_rungs_anew() {
  EventBag all;
  for (std::size_t depth = 0; depth < rungs_in_use_; ++depth) {
    for (EventBag& bucket : rungs_[depth]->buckets) {
      bucket.drain(chunks_, [&](const Event& event) { all.add(event, chunks_); });
    }
  }
  rungs_in_use_ = 0;
  if (all.empty()) return;
  const auto [least, greatest] = extremes(all);
  Rung& rung = add_rung(least, greatest, all.size());
  all.drain(chunks_, [&](const Event& event) { rung.add(event, event.key.wide(), chunks_); });
}

void EventQueue::spill_bottom() {
  if (rungs_in_use_ >= kMostRungs) deal_rungs_anew();
  Rung& rung = add_rung(bottom_[head_].key.wide(), bottom_[tail_ - 1].key.wide(), tail_ - head_);
  for (; head_ < tail_; ++head_) rung.add(bottom_[head_], bottom_[head_].key.wide(), chunks_);
  head_ = tail_ = 0;
}

bool EventQueue::refill() {
  head_ = tail_ = 0;
  while (tail_ == 0) {
    if (rungs_in_use_ == 0) {
      if (top_.empty()) return false;
      const Wide least = std::exchange(top_least_, kGreatest);
      const Wide greatest = std::exchange(top_greatest_, Wide{0});
      top_start_ = greatest + 1;
      EventBag bag = std::exchange(top_, {});
      deal(bag, least, greatest);
      continue;
    }
    Rung& rung = *rungs_[rungs_in_use_ - 1];
    const std::size_t bucket = rung.next_occupied();
    if (bucket == Rung::kBuckets) {
      --rungs_in_use_;
      continue;
    }
    rung.occupied[bucket / 64] &= ~(std::uint64_t{1} << bucket % 64);
    rung.current = bucket + 1;
    rung.next_start = rung.start + (static_cast<Wide>(bucket + 1) << rung.shift);
    EventBag bag = std::exchange(rung.buckets[bucket], {});
    if (bucket == rung.last) --rungs_in_use_;
    deal(bag);
  }
  return true;
}

void EventQueue::deal(EventBag& bag) {
  if (bag.size() <= kSortAtOnce) return sort_into_bottom(bag);
  const auto [least, greatest] = extremes(bag);
  deal(bag, least, greatest);
}

void EventQueue::deal(EventBag& bag, Wide least, Wide greatest) {
  if (bag.size() <= kSortAtOnce) return sort_into_bottom(bag);
  Rung& rung = add_rung(least, greatest, bag.size());
  bag.drain(chunks_, [&](const Event& event) { rung.add(event, event.key.wide(), chunks_); });
}

// The least power of two as a width with which the greatest key still falls into the last bucket; two distinct keys
// always fall into two buckets, so dealing comes to an end.
EventQueue::Rung& EventQueue::add_rung(Wide least, Wide greatest, std::size_t events) {
  if (rungs_in_use_ == rungs_.size()) rungs_.push_back(std::make_unique<Rung>());
  Rung& rung = *rungs_[rungs_in_use_++];
  const std::size_t most = events > kManyEvents ? Rung::kBuckets : Rung::kBuckets / 4;
  const std::size_t buckets = std::clamp(std::bit_ceil(events / kEventsPerBucket), std::size_t{2}, most);
  const unsigned span = bit_width(greatest - least);
  const auto index_bits = static_cast<unsigned>(std::bit_width(buckets) - 1);
  rung.start = rung.next_start = least;
  rung.shift = span > index_bits ? span - index_bits : 0;
  rung.last = buckets - 1;
  rung.current = 0;
  rung.occupied = {};
  return rung;
}

void EventQueue::sort_into_bottom(EventBag& bag) {
  bag.drain(chunks_, [this](const Event& event) { bottom_[tail_++] = event; });
  insertion_sort(bottom_.data(), bottom_.data() + tail_);
  for (std::size_t i = 0; i < std::min(kPrefetch, tail_); ++i) bottom_[i].target.prefetch();
}

}  // namespace parallax::sim
