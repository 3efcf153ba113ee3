// A limiter that knows its own requests only.
#pragma once

#include "models/propagation/counters/spec.h"
#include "models/propagation/counters/tallies.h"
#include "sim/site.h"

namespace parallax::propagation::counters {

class IndependentLimiter final : public Limiter {
 public:
  IndependentLimiter(sim::Site& site, const CounterSpec& spec, Asker& asker)
      : site_{site}, asker_{asker}, tallies_{spec.tally} {}

  void ask(ThrottleKey key, std::uint64_t request) override {
    asker_.answered(request, tallies_.admit(key, site_.now()) ? Answer::kAdmitted : Answer::kRefused);
  }
  std::uint64_t total(ThrottleKey key) const override { return tallies_.total(key, site_.now()); }

 private:
  sim::Site& site_;
  Asker& asker_;
  Tallies tallies_;
};

}  // namespace parallax::propagation::counters
