// When a gateway cleans its map of revoked tokens and when it pulls the list of them. Asked, not ticking: the host sets
// its timers by due().
//
// The cleaner runs first 120 s after the start, then every 45 min (carbon-apimgt RevokedJWTMapCleaner: 120000,
// 2700000). The list is pulled once, 1000 ms after the start; there is no periodic poll, and no pull when the
// subscription is restored after a loss. What was revoked meanwhile stays unknown until the next start. Pulling again
// on reconnection is the cure.
#pragma once

#include <cstdint>
#include <optional>

#include "sim/time.h"

namespace parallax::logic::tokens {

struct CleanerOptions {
  sim::Duration first{sim::seconds(120)};  ///< > 0, after the start
  sim::Duration period{sim::minutes(45)};  ///< > 0
};

/// The first run of the cleaner after `now`, of a gateway started at `started`.
sim::VirtualTime next_cleaning(const CleanerOptions& options, sim::VirtualTime started, sim::VirtualTime now);

enum class OnReconnect : std::uint8_t { kNothing, kPullAgain };

class PullTimer {
 public:
  struct Options {
    sim::Duration after_start{sim::milliseconds(1'000)};  ///< >= 0
    OnReconnect on_reconnect{OnReconnect::kNothing};
  };

  PullTimer(const Options& options, sim::VirtualTime started)
      : options_{options}, due_{started + options.after_start} {}

  /// When to pull next; nothing: never.
  std::optional<sim::VirtualTime> due() const { return due_; }
  void on_pulled() { due_.reset(); }

  /// The subscription to revocation events is back after a loss.
  void on_reconnected(sim::VirtualTime now);

 private:
  Options options_;
  std::optional<sim::VirtualTime> due_;
};

}  // namespace parallax::logic::tokens
