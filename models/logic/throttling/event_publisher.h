// The way of events from one gateway to the counter stores: a ring and batches for each group of stores
// (event_group.h). Members that are down are tried every 30 s (data-bridge agent, reconnection interval). Without any
// group there is no publisher: calls pass, uncounted.
#pragma once

#include <vector>

#include "models/logic/throttling/event_group.h"

namespace parallax::logic::throttling {

class EventPublisher {
 public:
  /// Members are taken to be up at `start`; the first reconnect check is one interval later.
  EventPublisher(const PublisherOptions& options, sim::VirtualTime start)
      : reconnect_check_{options.reconnect_check}, next_check_{start + options.reconnect_check} {
    groups_.reserve(options.groups.size());
    for (const EventGroupOptions& group : options.groups) groups_.emplace_back(group, options);
  }

  /// Never blocks. A group whose ring is full goes without.
  void put(const ThrottleEvent& event) {
    for (EventGroup& group : groups_) group.put(event);
  }

  /// See EventGroup::drain.
  template <typename Send>
  void drain(Send&& send) {
    for (EventGroup& group : groups_) group.drain(send);
  }

  void mark_down(StoreId store) {
    for (EventGroup& group : groups_) group.mark_down(store);
  }

  /// When `check_connections` is due.
  sim::VirtualTime next_check() const { return groups_.empty() ? sim::kNever : next_check_; }

  /// Tries members that are down if it is time to: see EventGroup::reconnect. What waits goes with the next `drain`.
  template <typename IsReachable>
  void check_connections(sim::VirtualTime now, IsReachable&& is_reachable) {
    while (next_check_ <= now) {
      next_check_ = next_check_ + reconnect_check_;
      if (next_check_ <= now) continue;  // one check makes up for those that were missed
      for (EventGroup& group : groups_) group.reconnect(is_reachable);
    }
  }

  const std::vector<EventGroup>& groups() const { return groups_; }
  std::uint64_t dropped() const {
    std::uint64_t events = 0;
    for (const EventGroup& group : groups_) events += group.ring().dropped();
    return events;
  }

 private:
  sim::Duration reconnect_check_;
  sim::VirtualTime next_check_;
  std::vector<EventGroup> groups_;
};

}  // namespace parallax::logic::throttling
