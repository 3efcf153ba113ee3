// Limiters that teach each other, as HAProxy's peers do: a request touches its entry, admitted or not; soon after, the
// entry goes to each peer with its value as of then; what arrives replaces the entry there and is not passed on.
//
// The value does not say when it was read. Its age is counted on by whoever has it, so the time on the way is missing,
// D for each time that it changes hands. Under requests at both nodes an entry changes hands for ever, about once in
// D + the time to the next request, and gets older only while it waits for that: a period of length T lasts about
// T (D + wait) / wait. That is why a table of peers admits nothing for a long time after it was full.
#pragma once

#include <boost/unordered/unordered_flat_set.hpp>
#include <cstddef>
#include <vector>

#include "models/propagation/counters/spec.h"
#include "models/propagation/counters/tallies.h"
#include "sim/connection.h"
#include "sim/site.h"

namespace parallax::propagation::counters {

class TeachingLimiter final : public Limiter {
 public:
  TeachingLimiter(sim::Site& site, const CounterSpec& spec, Asker& asker)
      : site_{site}, spec_{spec}, asker_{asker}, tallies_{spec.tally} {}
  TeachingLimiter(const TeachingLimiter&) = delete;
  TeachingLimiter& operator=(const TeachingLimiter&) = delete;

  /// Before the run. `end` is this node's of a connection with `peer`, whose own call has the same number.
  void add_peer(TeachingLimiter& peer, sim::ConnectionEnd& end, std::size_t number_there);
  std::size_t peers() const { return peers_.size(); }

  /// Teaches what was touched while there was no connection.
  void opened(std::size_t peer);

  void ask(ThrottleKey key, std::uint64_t request) override;
  std::uint64_t total(ThrottleKey key) const override { return tallies_.total(key, site_.now()); }

 private:
  struct Peer {
    TeachingLimiter* limiter;
    sim::ConnectionEnd* end;
    std::size_t number_there;  ///< of this one among its peers
    std::vector<ThrottleKey> untaught{};
    boost::unordered_flat_set<ThrottleKey> is_untaught{};
    bool will_teach{false};
  };

  void touch(ThrottleKey key);
  void teach_soon(std::size_t peer);
  void teach(std::size_t peer);
  void receive(std::size_t peer, ThrottleKey key, const Lesson& lesson);

  sim::Site& site_;
  CounterSpec spec_;
  Asker& asker_;
  Tallies tallies_;
  std::vector<Peer> peers_;
};

}  // namespace parallax::propagation::counters
