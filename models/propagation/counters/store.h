// Limiters that ask one counter for each request, as rate-limit-redis does: the counter admits exactly its limit,
// whoever asks, and an answer takes a round trip to it. If the connection breaks, the questions under way are answered
// without it; those that come while it is down wait for the next one (node-redis' offline queue).
#pragma once

#include <deque>
#include <utility>
#include <vector>

#include "models/propagation/counters/spec.h"
#include "models/propagation/counters/tallies.h"
#include "sim/connection.h"
#include "sim/site.h"

namespace parallax::propagation::counters {

class Store {
 public:
  Store(sim::Site& site, const CounterSpec& spec) : site_{site}, tallies_{spec.tally} {}

  Answer decide(ThrottleKey key) { return tallies_.admit(key, site_.now()) ? Answer::kAdmitted : Answer::kRefused; }

 private:
  sim::Site& site_;
  Tallies tallies_;
};

class AskingLimiter final : public Limiter {
 public:
  AskingLimiter(sim::Site& site, const CounterSpec& spec, Asker& asker, Store& store)
      : site_{site}, spec_{spec}, asker_{asker}, store_{store} {}
  AskingLimiter(const AskingLimiter&) = delete;
  AskingLimiter& operator=(const AskingLimiter&) = delete;

  /// Before the run: both ends of its connection with the store.
  void connect(sim::ConnectionEnd& here, sim::ConnectionEnd& at_store);
  void opened();
  void closed();

  void ask(ThrottleKey key, std::uint64_t request) override;

  /// It believes nothing.
  std::uint64_t total(ThrottleKey) const override { return 0; }

 private:
  void send(ThrottleKey key, std::uint64_t request);
  void receive(Answer answer);

  sim::Site& site_;
  CounterSpec spec_;
  Asker& asker_;
  Store& store_;
  sim::ConnectionEnd* end_{nullptr};
  sim::ConnectionEnd* at_store_{nullptr};
  std::deque<std::uint64_t> asked_;  ///< answered in this order
  std::vector<std::pair<ThrottleKey, std::uint64_t>> waiting_;
};

}  // namespace parallax::propagation::counters
