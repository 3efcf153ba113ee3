// A group of counter stores that gets a copy of every event of a gateway (data-bridge agent, DataEndpointGroup). Inside
// the group each event goes to one member: to each in turn, or to the first that is up. With all members down the
// events wait in the ring; a member that is found up again gets them, old as they are.
//
// Two stores in turn in one group halve what each sees, so that a limit lets about twice as much through
// (wso2/product-apim#11462); the cure is a group for each store, so that each counts everything.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "models/logic/throttling/event_ring.h"

namespace parallax::logic::throttling {

/// A counter store, by the host's count.
enum class StoreId : std::uint16_t {};

enum class Spread : std::uint8_t { kRoundRobin, kFailover };

struct EventGroupOptions {
  std::vector<StoreId> stores{};  ///< not empty; for kFailover the preferred first
  Spread spread{Spread::kFailover};
};

struct PublisherOptions {
  std::vector<EventGroupOptions> groups{};  ///< none: no publisher, and every quota is open
  std::uint32_t ring_capacity{kEventRingCapacity};
  std::uint32_t batch{200};                         ///< events sent together, at most; >= 1
  sim::Duration reconnect_check{sim::seconds(30)};  ///< how often members that are down are tried
};

enum class Sent : std::uint8_t { kYes, kNo };

class EventGroup {
 public:
  EventGroup(const EventGroupOptions& group, const PublisherOptions& options);

  EventRing::Put put(const ThrottleEvent& event) { return ring_.put(event); }

  /// Empties the ring into batches, for as long as a member is up: a batch goes when it is full, and all go when the
  /// ring has run empty. Calls Sent send(StoreId, std::span<const ThrottleEvent>); kNo marks the member as down, and
  /// its batch goes to another.
  template <typename Send>
  void drain(Send&& send);

  void mark_down(StoreId store) {
    for (Member& member : members_) member.is_up = member.is_up && member.store != store;
  }

  /// Calls bool is_reachable(StoreId) for each member that is down; one that is becomes up.
  template <typename IsReachable>
  void reconnect(IsReachable&& is_reachable) {
    for (Member& member : members_) member.is_up = member.is_up || is_reachable(member.store);
  }

  bool has_member_up() const { return next_up(0).has_value(); }
  const EventRing& ring() const { return ring_; }
  /// Events taken from the ring but not yet sent.
  std::size_t unsent() const;

 private:
  struct Member {
    StoreId store;
    bool is_up{true};
    std::vector<ThrottleEvent> batch{};
  };

  /// The first member from `from` on, in a circle, that is up.
  std::optional<std::size_t> next_up(std::size_t from) const;
  std::optional<std::size_t> choose();
  template <typename Send>
  bool flush(std::size_t member, Send&& send);
  template <typename Send>
  bool flush_all(Send&& send);

  Spread spread_;
  std::size_t batch_;
  EventRing ring_;
  std::vector<Member> members_;
  std::size_t turn_{0};
};

template <typename Send>
void EventGroup::drain(Send&& send) {
  // A batch that found nobody up when it was due waits here and goes first.
  if (!flush_all(send)) return;
  while (!ring_.empty()) {
    const auto member = choose();
    if (!member) return;
    members_[*member].batch.push_back(ring_.front());
    ring_.pop();
    if (members_[*member].batch.size() >= batch_ && !flush(*member, send)) return;
  }
  flush_all(send);
}

// Sends one member's batch to it, or to whoever is up. False: nobody is, and the batch stays.
template <typename Send>
bool EventGroup::flush(std::size_t member, Send&& send) {
  std::vector<ThrottleEvent>& batch = members_[member].batch;
  while (!batch.empty()) {
    const auto receiver = next_up(member);
    if (!receiver) return false;
    if (send(members_[*receiver].store, std::span<const ThrottleEvent>{batch}) == Sent::kYes) {
      batch.clear();
    } else {
      members_[*receiver].is_up = false;
    }
  }
  return true;
}

template <typename Send>
bool EventGroup::flush_all(Send&& send) {
  for (std::size_t member = 0; member < members_.size(); ++member) {
    if (!flush(member, send)) return false;
  }
  return true;
}

}  // namespace parallax::logic::throttling
