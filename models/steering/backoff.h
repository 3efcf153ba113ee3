// How long a client pauses before it tries again: a fixed pause, or one that grows with each failure up to a greatest
// one, with or without jitter. After the n-th failure in a row
//
//   pause(n) = first                                  where the factor is 1
//   pause(n) = min(greatest, first * factor^(n - 1))  else
//   none:  pause(n);  full:  uniform over [0, pause(n)];  equal:  pause(n) / 2 + uniform over [0, pause(n) / 2]
//
// The kinds of jitter are those of "Exponential Backoff And Jitter" (AWS Architecture Blog, March 2015), but for
// "decorrelated", whose pause depends on the one before. Fixed pauses keep clients that failed together together; they
// come back as one wave. Jitter draws from a stream of its own, so that who has none draws nothing.
#pragma once

#include <cstdint>

#include "sim/random.h"
#include "sim/time.h"

namespace parallax::steering {

enum class Jitter : std::uint8_t { kNone, kFull, kEqual };

struct BackoffSpec {
  sim::Duration first{};
  std::uint32_t factor{1};                   ///< at least 1
  sim::Duration greatest{sim::seconds(60)};  ///< of pauses that grow; at least the first
  Jitter jitter{Jitter::kNone};
};

class Backoff {
 public:
  Backoff(const BackoffSpec& spec, const sim::Stream& jitter) : spec_{spec}, jitter_{jitter} {}

  /// After the `failures`-th failure in a row. Requires: failures > 0.
  sim::Duration pause(std::uint32_t failures);

 private:
  sim::Duration grown(std::uint32_t failures) const;

  BackoffSpec spec_;
  sim::Stream jitter_;
};

}  // namespace parallax::steering
