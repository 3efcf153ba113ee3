// A site as the entities in it see it: a clock, a future event list, random streams, a journal and a way to other
// sites. An entity touches its own site only; it reaches another by sending an action there.
#pragma once

#include <cassert>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sim/action.h"
#include "sim/event.h"
#include "sim/logical_process.h"
#include "sim/network_view.h"
#include "sim/process.h"
#include "sim/random.h"
#include "sim/record.h"
#include "sim/time.h"

namespace parallax::sim {

class Simulation;

/// What became of a message when it was sent.
struct Sent {
  bool on_its_way{false};
  std::optional<std::uint32_t> fault{};  ///< that kept it from leaving, if one did

  explicit operator bool() const { return on_its_way; }
};

class Site {
 public:
  Site(Simulation& simulation, SiteId id, std::string name, LogicalProcess& process);
  Site(const Site&) = delete;
  Site& operator=(const Site&) = delete;
  ~Site();

  SiteId id() const { return id_; }
  const std::string& name() const { return name_; }
  VirtualTime now() const { return process_.now(); }

  /// Runs `action` at that instant. Requires: when >= now().
  Timer at(VirtualTime when, const Action& action) {
    assert(when >= now());
    return process_.push(next_key(when), action);
  }
  Timer after(Duration delay, const Action& action) { return at(now() + delay, action); }

  /// False if the action has run or was cancelled before.
  bool cancel(Timer timer) { return process_.cancel(timer); }

  /// The same for an entity of a hot path; cannot be cancelled.
  void wake_at(VirtualTime when, EventHandler& handler) {
    assert(when >= now());
    process_.push(next_key(when), EventTarget{handler});
  }
  void wake_after(Duration delay, EventHandler& handler) { wake_at(now() + delay, handler); }
  void wake_after(Duration delay, std::coroutine_handle<> process) {
    assert(delay.ns >= 0);
    process_.push(next_key(now() + delay), EventTarget{process});
  }

  /// A place in the order of events as of now, for an event that may or may not be scheduled later.
  EventKey reserve(VirtualTime when) { return next_key(when); }
  void wake_at(EventKey reserved, EventHandler& handler) {
    assert(reserved.time >= now());
    process_.push(reserved, EventTarget{handler});
  }

  /// The stream of the run's seed; `entity` is a path such as "dc/node-a".
  Stream stream(std::string_view entity, std::string_view purpose) const;

  /// Writes a record at now().
  RecordId record(const RecordBody& body, RecordId cause = {}) {
    const RecordId id = RecordId::of(id_, ++recorded_);
    process_.journal.push_back({now(), id, cause, body});
    return id;
  }

  /// Runs `action` at site `to` after the delay of the way there. A message that a link loses, or for which there is
  /// no way, is gone; no sender of the real world would be told, so only those that model a broken connection look.
  Sent send(SiteId to, const Action& action) { return send(to, action, 1); }

  /// The same for a message of several packets: on each link it takes the slowest one's delay, and is lost if any is.
  /// Requires: packets > 0.
  Sent send(SiteId to, const Action& action, std::uint32_t packets) { return send_along(to, now(), action, packets); }

  /// The same for one packet, leaving at `departure`, for senders that live to see it: a sum instead of an event
  /// wherever the way at that instant is known by now. Losses and delays are then drawn in the order of these calls,
  /// not of departures.
  void send_at(VirtualTime departure, SiteId to, const Action& action);

  /// The fault that cuts every way to `to` now, as far as is known here; nothing if there is a way or never was one.
  std::optional<std::uint32_t> fault_on_way_to(SiteId to) { return view_.cut_at(to, now()); }

  /// The fault that would refuse a connection which is opened to `to` now, or from `from` to here.
  std::optional<std::uint32_t> refusal_by(SiteId to) const;
  std::optional<std::uint32_t> refusal_of(SiteId from) const;

  /// Why a connection cannot be opened to `to` now, or from `from` to here: the way is cut, or it would be refused.
  std::optional<std::uint32_t> fault_on_connecting_to(SiteId to);
  std::optional<std::uint32_t> fault_on_connecting_from(SiteId from);

  /// Begins or ends a fault on a condition, which this site alone evaluates: its links take no message here from now
  /// on, and at every other site, near or far, from one lookahead later.
  void begin_fault(std::uint32_t fault) { spread_fault(fault, FaultState::kOn); }
  void end_fault(std::uint32_t fault) { spread_fault(fault, FaultState::kOff); }

  /// An entity of this site was touched by a fault that it has by itself, not through a link.
  void touched_by(std::uint32_t fault) { ++process_.touched[fault]; }

  /// co_await site.delay(d): see process.h.
  DelayAwaiter delay(Duration d) { return {*this, d}; }

  /// What entities keep pending outside the future event list, in bytes; counts for Limits::bytes.
  void account(std::int64_t bytes) { accounted_ += bytes; }
  std::int64_t accounted() const { return accounted_; }

  FramePool& frames() { return process_.frames(); }

 private:
  struct LinkStreams {
    Stream delay;
    Stream loss;
  };
  /// How far a message gets before it arrives, is lost or must be looked at again.
  struct Leg {
    VirtualTime end;
    SiteId reached;
  };
  LinkStreams& streams_of(LinkId link);
  LinkStreams& streams_of_disturbance(std::uint32_t disturbance);
  std::string path_over(LinkId link) const;
  EventKey next_key(VirtualTime when) { return {when, static_cast<std::uint64_t>(id_) << 48 | ++scheduled_}; }
  static bool loses(std::uint64_t threshold, std::uint32_t packets, LinkStreams& streams);
  static Duration slowest(const NetworkView::Hop& hop, std::uint32_t packets, LinkStreams& streams);
  std::optional<Duration> cross(const NetworkView::Hop& hop, VirtualTime entered, std::uint32_t packets);
  std::optional<Duration> cross_disturbed(const NetworkView::Hop& hop, VirtualTime entered, std::uint32_t packets);
  std::optional<Leg> travel(SiteId to, VirtualTime departure, std::uint32_t packets, Sent& sent);
  Sent send_along(SiteId to, VirtualTime departure, const Action& action, std::uint32_t packets);
  void hand_over(const Message& message);
  void spread_fault(std::uint32_t fault, FaultState state);

  Simulation& simulation_;
  LogicalProcess& process_;
  SiteId id_;
  std::string name_;
  std::uint64_t scheduled_{0};
  std::uint64_t recorded_{0};
  std::int64_t accounted_{0};
  NetworkView view_;
  std::vector<std::optional<LinkStreams>> link_streams_;
  std::vector<std::optional<LinkStreams>> disturbance_streams_;  ///< by place in the network's disturbances

 public:
  ProcessList processes;  ///< the coroutines that live here; last, so that they are destroyed before what they use
};

}  // namespace parallax::sim
