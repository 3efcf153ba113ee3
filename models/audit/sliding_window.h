// The most that was admitted in any span as long as a limit window, wherever it begins: windows that stand fixed let
// twice the limit through in such a span. Spans begin at twelfths of the window.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <numeric>

#include "sim/time.h"

namespace parallax::audit {

class SlidingWindow {
 public:
  static constexpr std::int64_t kSteps = 12;

  /// One more is admitted now; how many those are in the span that ends with this step. Requires: `width` is always the
  /// same, `now` not earlier than before.
  std::uint64_t admit(sim::VirtualTime now, sim::Duration width) {
    const std::int64_t step = now.ns / std::max<std::int64_t>(width.ns / kSteps, 1);
    for (std::int64_t passed = std::max(step_ + 1, step - kSteps + 1); passed <= step; ++passed) at(passed) = 0;
    step_ = step;
    ++at(step);
    return std::accumulate(admitted_.begin(), admitted_.end(), std::uint64_t{0});
  }

 private:
  std::uint32_t& at(std::int64_t step) { return admitted_[static_cast<std::size_t>(step % kSteps)]; }

  std::array<std::uint32_t, kSteps> admitted_{};
  std::int64_t step_{-1};
};

}  // namespace parallax::audit
