// Calls of a side's members that have not come to their end: answered, given up at the call's time-out, or gone with
// their host. A call whose target has left the cluster, or says that it is not the owner, goes to whoever is the owner
// by then, and its time-out does not begin again (Hazelcast's Invocation). A write is done when its backup says so too;
// after the backup's time-out it is done without.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <vector>

#include "models/propagation/caches/message.h"
#include "models/propagation/caches/spec.h"
#include "sim/site.h"
#include "sim/timeouts.h"

namespace parallax::propagation::caches {

enum class CallEnd : std::uint8_t { kAnswered, kTimedOut, kHostLost };

struct Answer {
  CallEnd end{CallEnd::kAnswered};
  std::optional<Copy> copy{};  ///< found
  sim::VirtualTime at{};       ///< the owner read it; from then on it was under way
  domain::Stage stage{};       ///< with this
};

class Waiter {
 public:
  virtual void done(const Answer& answer) = 0;

 protected:
  ~Waiter() = default;
};

class Calls {
 public:
  /// `route` sends a request to whoever is its target now, and says at which side that is; nothing: it must wait.
  using Route = std::function<std::optional<SideId>(Message&)>;
  Calls(sim::Site& site, const CacheClusterSpec& spec, Route route);
  Calls(const Calls&) = delete;
  Calls& operator=(const Calls&) = delete;

  /// `waiter`: null: nobody wants to know.
  void begin(const Message& request, Waiter* waiter);

  /// From the owner or from the backup.
  void receive(const Message& message);

  /// What was sent to that side will not be answered; it has waited for `stage`.
  void side_left(SideId side, domain::Stage stage);

  /// There may be targets for what has had to wait.
  void go_on();

  void lose_all();

  std::size_t open() const { return calls_.size(); }

 private:
  enum class Awaits : std::uint8_t { kAnswer, kBackup };
  struct Call {
    Message request;
    Waiter* waiter;
    std::optional<SideId> target;
    Awaits awaits{Awaits::kAnswer};
    bool is_backed_up{false};
    std::uint64_t timeout;
    std::uint64_t backup_timeout{0};
  };

  void send(Call& call);
  void answered(std::uint32_t number, const Message& message);
  void try_again_later(std::uint32_t number);
  void end(std::uint32_t number, const Answer& answer);

  sim::Site& site_;
  sim::Duration retry_pause_;
  Route route_;
  std::map<std::uint32_t, Call> calls_;
  std::uint32_t begun_{0};
  sim::Timeouts<std::uint32_t> timeouts_;
  sim::Timeouts<std::uint32_t> backup_timeouts_;
};

}  // namespace parallax::propagation::caches
