// Time-outs of one length, nearly all of which end before they expire. They expire in the order in which they began, so
// they wait in a ring and only the first of them is an event: 30 s of time-outs at 100,000 requests a second would be
// three million events otherwise. Each expires at exactly the place in the order of events that an event of its own,
// scheduled when it began, would have had.
#pragma once

#include <boost/circular_buffer.hpp>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <utility>

#include "sim/event.h"
#include "sim/site.h"

namespace parallax::sim {

/// Must outlive the run.
template <typename Entry>
class Timeouts final : public EventHandler {
 public:
  using Expired = std::function<void(const Entry&)>;
  Timeouts(Site& site, Duration length, Expired expired)
      : site_{site}, length_{length}, expired_{std::move(expired)}, waiting_(kSmallest) {}
  Timeouts(const Timeouts&) = delete;
  Timeouts& operator=(const Timeouts&) = delete;

  /// Calls expired(entry) after the length, unless it has ended by then. Returns its number, counted from 0.
  std::uint64_t begin(const Entry& entry) {
    if (waiting_.full()) waiting_.set_capacity(2 * waiting_.capacity());
    waiting_.push_back({site_.reserve(site_.now() + length_), entry, true});
    site_.account(kBytes);
    if (!is_scheduled_) schedule();
    return begun_++;
  }

  /// Of a time-out that still waits; null if it has ended or expired.
  Entry* find(std::uint64_t number) {
    const std::uint64_t first = begun_ - waiting_.size();
    if (number < first || number >= begun_ || !waiting_[number - first].is_open) return nullptr;
    return &waiting_[number - first].entry;
  }

  /// It will not expire. Requires: find(number) was not null.
  void end(std::uint64_t number) { waiting_[number - (begun_ - waiting_.size())].is_open = false; }

  std::uint64_t begun() const { return begun_; }

  /// How many still wait.
  std::size_t open() const {
    std::size_t count = 0;
    for (const Waiting& one : waiting_) count += one.is_open ? 1 : 0;
    return count;
  }

 private:
  static constexpr std::size_t kSmallest = 16;
  struct Waiting {
    EventKey key;
    Entry entry;
    bool is_open;
  };
  static constexpr std::int64_t kBytes = sizeof(Waiting);

  // The event of one that has ended meanwhile comes up all the same, and passes the turn on.
  void on_event() override {
    const Waiting first = waiting_.front();
    pop();
    if (first.is_open) expired_(first.entry);
    while (!waiting_.empty() && !waiting_.front().is_open) pop();
    is_scheduled_ = false;
    if (!waiting_.empty()) schedule();
  }

  void pop() {
    waiting_.pop_front();
    site_.account(-kBytes);
  }

  void schedule() {
    is_scheduled_ = true;
    site_.wake_at(waiting_.front().key, *this);
  }

  Site& site_;
  Duration length_;
  Expired expired_;
  boost::circular_buffer<Waiting> waiting_;
  std::uint64_t begun_{0};
  bool is_scheduled_{false};
};

}  // namespace parallax::sim
