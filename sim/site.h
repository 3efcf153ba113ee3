// A site as the entities in it see it: a clock, a future event list, random streams, a journal and a way to other
// sites. An entity touches its own site only; it reaches another by sending an action there.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sim/action.h"
#include "sim/event_queue.h"
#include "sim/network.h"
#include "sim/process.h"
#include "sim/random.h"
#include "sim/record.h"
#include "sim/time.h"

namespace parallax::sim {

class Simulation;

/// What sites nearer than a microsecond share: one clock, one future event list. (The unit of parallel execution.)
struct LogicalProcess {
  struct Remote {
    EventKey key;
    Action action;
    SiteId to;
  };
  VirtualTime now;
  EventQueue queue;
  std::vector<Record> journal;         ///< of the current window, in order of execution
  std::vector<Remote> outbox;          ///< for other logical processes, at the end of the window
  std::vector<std::uint64_t> touched;  ///< messages that each fault kept from being sent
  std::uint64_t events{0};
};

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
  VirtualTime now() const { return process_.now; }

  /// Requires: when >= now().
  Timer at(VirtualTime when, const Action& action);
  Timer after(Duration delay, const Action& action) { return at(now() + delay, action); }
  bool cancel(Timer timer) { return process_.queue.cancel(timer); }

  /// The stream of the run's seed; `entity` is a path such as "dc/node-a".
  Stream stream(std::string_view entity, std::string_view purpose) const;

  /// Writes a record at now().
  RecordId record(const RecordBody& body, RecordId cause = {});

  /// Runs `action` at site `to` after the delay of the way there. A message that a link loses, or for which there is
  /// no way, is gone; no sender of the real world would be told, so only those that model a broken connection look.
  Sent send(SiteId to, const Action& action);

  /// co_await site.delay(d): see process.h.
  DelayAwaiter delay(Duration d) { return {*this, d}; }

 private:
  friend class ProcessList;
  struct LinkStreams {
    Stream delay;
    Stream loss;
  };
  LinkStreams& streams_of(LinkId link);
  EventKey next_key(VirtualTime when);
  std::optional<VirtualTime> arrival(SiteId to, Sent& sent);

  Simulation& simulation_;
  LogicalProcess& process_;
  SiteId id_;
  std::string name_;
  std::uint64_t scheduled_{0};
  std::uint64_t recorded_{0};
  std::vector<std::optional<LinkStreams>> link_streams_;

 public:
  ProcessList processes;  ///< the coroutines that live here; destroyed with the site
};

}  // namespace parallax::sim
