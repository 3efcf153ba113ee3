// The pauses between one try and the next: each a factor longer than the one before, up to a greatest, and no more than
// so many.
#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>

#include "sim/time.h"

namespace parallax::propagation::artifacts {

/// The defaults: 15, 30, 60, 120, 240 s (carbon-apimgt, conf_templates core.default.json, sync_runtime_artifacts; impl
/// DBRetriever).
struct RetrySpec {
  static constexpr std::uint32_t kEndless = 0xffff'ffff;  ///< longer than any run

  sim::Duration first{sim::seconds(15)};
  std::uint32_t factor{2};
  sim::Duration greatest{sim::minutes(60)};
  std::uint32_t retries{5};
};

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
