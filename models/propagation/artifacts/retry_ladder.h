// The pauses between one try and the next: each a factor longer than the one before, up to a greatest, and no more than
// so many.
#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>

#include "models/propagation/artifacts/spec.h"
#include "sim/time.h"

namespace parallax::propagation::artifacts {

class RetryLadder {
 public:
  explicit RetryLadder(const RetrySpec& spec) : spec_{spec}, pause_{spec.first} {}

  /// Nothing: there will be no further try.
  std::optional<sim::Duration> next() {
    if (retries_ == spec_.retries) return std::nullopt;
    if (retries_++ > 0) pause_ = std::min(static_cast<std::int64_t>(spec_.factor) * pause_, spec_.greatest);
    return std::min(pause_, spec_.greatest);
  }

 private:
  RetrySpec spec_;
  sim::Duration pause_;
  std::uint32_t retries_{0};
};

}  // namespace parallax::propagation::artifacts
