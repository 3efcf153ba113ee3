// What sites that run together share: one clock, one future event list, one journal. The unit of parallel execution:
// within a window it touches nothing of another's.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <vector>

#include "sim/action_pool.h"
#include "sim/event.h"
#include "sim/event_queue.h"
#include "sim/frame_pool.h"
#include "sim/record.h"
#include "sim/time.h"

namespace parallax::sim {

class Site;

/// On its way to a site; if that is not where it is bound for, the site sends it on.
struct Message {
  EventKey key;
  Action action;
  SiteId at;
  SiteId bound_for;
  std::uint32_t packets;
};

/// A message that waits at a site to be sent on.
class Parcel final : public EventHandler {
 public:
  Parcel(Site& at, SiteId bound_for, const Action& action, std::uint32_t packets, std::vector<Parcel*>& free)
      : at_{&at}, bound_for_{bound_for}, packets_{packets}, action_{action}, free_{&free} {}
  void on_event() override;

 private:
  Site* at_;
  SiteId bound_for_;
  std::uint32_t packets_;
  Action action_;
  std::vector<Parcel*>* free_;
};

/// Messages of one logical process to the others. It writes one half while the others read what it wrote in the window
/// before.
class Outbox {
 public:
  /// `processes`: how many there are.
  void resize(std::size_t processes) { halves_ = {std::vector<Mail>(processes), std::vector<Mail>(processes)}; }

  void add(std::size_t to, const Message& message) {
    Mail& mail = halves_[writing_][to];
    if (mail.empty()) receivers_.push_back(to);
    mail.push_back(message);
    if (message.key.time < earliest_) earliest_ = message.key.time;
  }

  /// Turns to the other half, and calls visit(receiver, messages) for what was written into this one.
  template <typename Visitor>
  void turn(Visitor&& visit) {
    for (const std::size_t to : receivers_) visit(to, halves_[writing_][to].size());
    receivers_.clear();
    earliest_ = kNever;
    writing_ = 1 - writing_;
  }
  VirtualTime earliest() const { return earliest_; }

  /// What was written for `to` in the window before, to be cleared once read.
  std::vector<Message>& written_for(std::size_t to) { return halves_[1 - writing_][to]; }

 private:
  using Mail = std::vector<Message>;
  std::array<std::vector<Mail>, 2> halves_;
  std::size_t writing_{0};
  std::vector<std::size_t> receivers_;
  VirtualTime earliest_{kNever};
};

class LogicalProcess {
 public:
  explicit LogicalProcess(std::size_t index) : index_{index} {}
  LogicalProcess(const LogicalProcess&) = delete;
  LogicalProcess& operator=(const LogicalProcess&) = delete;

  std::size_t index() const { return index_; }
  VirtualTime now() const { return now_; }
  std::uint64_t events() const { return events_; }

  /// Of the next event, which may turn out to be cancelled.
  VirtualTime next_time() {
    const Event* next = queue_.peek();
    return next == nullptr ? kNever : next->key.time;
  }

  /// Executes every event before `end`.
  void run(VirtualTime end);
  void set_clock(VirtualTime now) { now_ = now; }

  void push(EventKey key, EventTarget target) { queue_.push({key, target}); }
  Timer push(EventKey key, const Action& action) {
    ActionSlot& slot = actions_.put(action);
    queue_.push({key, EventTarget{slot}});
    return slot.timer;
  }
  bool cancel(Timer timer) { return actions_.cancel(timer); }

  /// `at` is the site where the message arrives.
  void accept(const Message& message, Site& at);

  /// One that waits at `at` for an event to send it on.
  Parcel& parcel(Site& at, SiteId bound_for, const Action& action, std::uint32_t packets);

  FramePool& frames() { return frames_; }

  std::vector<Record> journal;  ///< not yet handed over, in order of execution
  Outbox outbox;
  std::vector<std::uint64_t> touched;  ///< messages that each fault kept from being sent

  /// What is pending here, in bytes as the engine counts them: the same on every machine.
  std::uint64_t accounted_bytes() const;

 private:
  std::size_t index_;
  VirtualTime now_;
  std::uint64_t events_{0};
  EventQueue queue_;
  ActionPool actions_;
  FramePool frames_;
  std::deque<Parcel> parcels_;
  std::vector<Parcel*> free_parcels_;
};

}  // namespace parallax::sim
