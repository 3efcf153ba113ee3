// Limiters that decide by their copy of one counter and send the counter what they admit without waiting, as gateways
// do that read a replica of a key-value store and write to its master. A node does not count its own requests in its
// copy: it sees them when they have come back.
//
// With r requests a second at each of two nodes, one of them with the counter, and D one way: the counter's node is
// full when its own and the other's of D ago are L, the other's copy D later. So L + 2 r D are admitted in a window.
#pragma once

#include <memory>
#include <vector>

#include "models/propagation/counters/spec.h"
#include "models/propagation/counters/tallies.h"
#include "sim/connection.h"
#include "sim/site.h"

namespace parallax::propagation::counters {

class CopyingLimiter;

/// The node that has the counter itself.
class CountingLimiter final : public Limiter {
 public:
  CountingLimiter(sim::Site& site, const CounterSpec& spec, Asker& asker)
      : site_{site}, asker_{asker}, tallies_{spec.tally} {}
  CountingLimiter(const CountingLimiter&) = delete;
  CountingLimiter& operator=(const CountingLimiter&) = delete;

  /// Before the run. `end`: this node's, of the connection that the copy is kept up to date by.
  void add_copy(CopyingLimiter& copy, sim::ConnectionEnd& end) { copies_.push_back({&copy, &end}); }

  /// A copy begins with all that there is. Requires: `copy` is the number of the add_copy call.
  void copy_connected(std::size_t copy);

  /// A request that a copy's node counted at `when`.
  void count(ThrottleKey key, sim::VirtualTime when);

  void ask(ThrottleKey key, std::uint64_t request) override;
  std::uint64_t total(ThrottleKey key) const override { return tallies_.total(key, site_.now()); }

 private:
  struct Copy {
    CopyingLimiter* limiter;
    sim::ConnectionEnd* end;
  };

  void pass_on(ThrottleKey key, sim::VirtualTime when);

  sim::Site& site_;
  Asker& asker_;
  Tallies tallies_;
  std::vector<Copy> copies_;
  std::vector<std::unique_ptr<const Tallies>> images_;  ///< one may still be under way, to another thread
};

class CopyingLimiter final : public Limiter {
 public:
  CopyingLimiter(sim::Site& site, const CounterSpec& spec, Asker& asker, CountingLimiter& counter)
      : site_{site}, spec_{spec}, asker_{asker}, counter_{counter}, tallies_{spec.tally} {}
  CopyingLimiter(const CopyingLimiter&) = delete;
  CopyingLimiter& operator=(const CopyingLimiter&) = delete;

  /// Before the run. `end`: this node's, of the connection by which it tells the counter.
  void set_end(sim::ConnectionEnd& end) { end_ = &end; }
  void opened();

  void ask(ThrottleKey key, std::uint64_t request) override;
  std::uint64_t total(ThrottleKey key) const override { return tallies_.total(key, site_.now()); }

  // From the counter.
  void begin_with(const Tallies& image) { tallies_.copy(image); }
  void count(ThrottleKey key, sim::VirtualTime when) { tallies_.add(key, when); }

 private:
  struct Counted {
    ThrottleKey key;
    sim::VirtualTime when;
  };

  void tell(const Counted& counted);

  sim::Site& site_;
  CounterSpec spec_;
  Asker& asker_;
  CountingLimiter& counter_;
  Tallies tallies_;
  sim::ConnectionEnd* end_{nullptr};
  std::vector<Counted> waiting_;
};

}  // namespace parallax::propagation::counters
