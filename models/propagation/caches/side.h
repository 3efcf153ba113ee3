// What one site has of a cluster's shared map: its members' shelves, the table of owners as it is known here, and the
// calls of its members. A look-up that the local cache cannot answer goes to the owner of the key's partition, here or
// at another side; a write goes there too, and on to the backup, before it is done.
//
//   look-up   member -> owner -> member
//   write     member -> owner -> member
//                          \-> backup -> member
//
// Who is a member is told by membership.h. When members go or come, entries move to whoever holds their partitions from
// then on; where owner and backup are both gone, so are the entries: the partition begins cold.
//
// Stages: cluster_message [twice the way to the owner and back, the same]; under a cut until the call's time-out, the
// suspicion of the other side, or the heal.
#pragma once

#include <coroutine>
#include <cstdint>
#include <map>
#include <optional>
#include <vector>

#include "models/domain/stage.h"
#include "models/propagation/caches/calls.h"
#include "models/propagation/caches/message.h"
#include "models/propagation/caches/ownership.h"
#include "models/propagation/caches/roster.h"
#include "models/propagation/caches/shelf.h"
#include "models/propagation/caches/spec.h"
#include "models/propagation/caches/wire.h"
#include "sim/power.h"
#include "sim/site.h"

namespace parallax::propagation::caches {

/// What waits for each fault is charged to a stage, by the fault's number.
using StagesOfFaults = std::vector<domain::Stage>;

/// A member that hears what others put into the shared map and remove from it: kUpdated or kRemoved. At its site.
class MapEar {
 public:
  virtual void changed(const Message& event) = 0;

 protected:
  ~MapEar() = default;
};

/// A member that others tell to forget what it has in its own memory. At its site.
class ForgetEar {
 public:
  virtual void told_to_forget(const Message& message) = 0;

 protected:
  ~ForgetEar() = default;
};

class Side {
 public:
  struct Place {
    sim::Site& site;
    const sim::Power& power;
    SideId id;
  };
  Side(const Place& place, const Roster& roster, const CacheClusterSpec& spec, const StagesOfFaults& stage_of_fault);
  Side(const Side&) = delete;
  Side& operator=(const Side&) = delete;

  // Before the run.
  void join(Side& other, Wire::End& end) { others_[other.id()] = {&other, &end}; }
  void listen(MemberId member, MapEar& ear) { map_ears_[member] = &ear; }
  void listen(MemberId member, ForgetEar& ear) { forget_ears_[member] = &ear; }

  SideId id() const { return place_.id; }
  sim::Site& site() const { return place_.site; }
  const sim::Power& power() const { return place_.power; }
  const Roster& roster() const { return roster_; }
  const CacheClusterSpec& spec() const { return spec_; }

  /// Over the wire, in order and once as long as it lasts; with it, or with the other side, what was sent is lost.
  void send(SideId other, const sim::Action& action) { others_.at(other).end->send(action); }
  template <typename Visit>
  void visit_others(Visit&& visit) const {
    for (const auto& [side, other] : others_) visit(side, *other.side);
  }

  // What members do.
  class Call;
  [[nodiscard]] Call get(MemberId member, const Key& key);
  [[nodiscard]] Call put(MemberId member, const Key& key, const Copy& copy);
  [[nodiscard]] Call remove(MemberId member, const Key& key, domain::Version replaced_by, sim::RecordId cause);
  Message put_request(MemberId member, const Key& key, const Copy& copy) const;
  Message removal_request(MemberId member, const Key& key, domain::Version replaced_by, sim::RecordId cause) const;
  /// Does what a request says without waiting for it.
  void tell(const Message& request) { calls_.begin(request, nullptr); }
  /// To every other member that this side knows of; returns how many. `message.from` is the sender.
  std::uint32_t tell_others(Message message);

  // What membership does.
  SideSet view() const { return view_; }
  bool is_joining() const { return state_ == State::kJoining; }
  const Ownership& ownership() const { return ownership_; }
  /// Entries go where they belong from now on.
  void adopt(SideSet view);
  /// Its half is given up: what its members own is set aside, the rest forgotten, and their calls wait. That ends when
  /// it has adopted a view of the other half and has all that moves to it from there; then what was set aside is
  /// merged in.
  void begin_joining();
  /// Nobody takes it in: it goes on alone.
  void stay_alone() { adopt(SideSet::only(id())); }

  const Shelf& shelf(MemberId member) const { return shelves_.at(member); }

  // What happens to its hosts, told after their power knows.
  void lost();
  void restored();
  /// One of several: without backups what it kept is gone.
  void lost(MemberId member) {
    if (spec_.backups == Backups::kNone) shelves_.at(member).clear();
  }

 private:
  enum class State : std::uint8_t { kMember, kJoining };
  struct Other {
    Side* side;
    Wire::End* end;
  };
  /// Where what another side sends comes in.
  struct Inlet {
    Side* side;
    SideId from;
    void receive(const Message& message) { side->receive(from, message); }
  };
  struct SetAside {
    MemberId member;
    Key key;
    Copy copy;
  };

  Message request(Verb verb, MemberId member, const Key& key) const;
  std::optional<SideId> route(Message& request);
  void deliver(const Message& message);
  void receive(SideId from, const Message& message);
  void take(const Message& message);
  void serve(const Message& request);
  void answer(const Message& request, Verb verb, const Copy& copy = {});
  bool back_up(const Message& request, Verb verb);
  void keep_backup(const Message& message);
  void announce(const Message& request, Verb verb);
  void charge(Message& message, const sim::HeldBack& held);
  void deliver_at(SideId to, const Message& message, sim::Duration local_delay);
  void move_entries(const Ownership& before);
  void move(MemberId from, MemberId to, const Key& key, const Copy& copy);
  void end_moves_to(SideId to);
  void moves_ended(SideId from);
  void end_joining_if_complete();
  void end_joining();

  Place place_;
  const Roster& roster_;
  CacheClusterSpec spec_;
  StagesOfFaults stage_of_fault_;
  std::map<SideId, Other> others_;
  std::vector<Inlet> inlets_;  ///< by SideId
  std::map<MemberId, MapEar*> map_ears_;
  std::map<MemberId, ForgetEar*> forget_ears_;
  SideSet view_;
  Ownership ownership_;
  State state_{State::kMember};
  bool is_taken_in_{false};            ///< while joining: it has a view of the other half
  SideSet moves_ended_;                ///< while joining: of those that have nothing more to move here
  std::map<MemberId, Shelf> shelves_;  ///< of the members that are here
  std::vector<SetAside> to_merge_;     ///< what its members owned in the half that they leave
  Calls calls_;
};

/// co_await side.get(...): an Answer.
class Side::Call final : private Waiter {
 public:
  Call(Side& side, const Message& request) : side_{side}, request_{request} {}

  bool await_ready() const { return false; }
  void await_suspend(std::coroutine_handle<> process) {
    process_ = process;
    side_.calls_.begin(request_, this);
  }
  Answer await_resume() const { return answer_; }

 private:
  void done(const Answer& answer) override {
    answer_ = answer;
    process_.resume();
  }

  Side& side_;
  Message request_;
  Answer answer_;
  std::coroutine_handle<> process_;
};

}  // namespace parallax::propagation::caches
