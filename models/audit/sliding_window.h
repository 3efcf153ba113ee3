// The most that was admitted in any span as long as a limit window, wherever it begins: windows that stand fixed let
// twice the limit through in such a span. Spans begin at twelfths of the window.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <utility>

#include "sim/time.h"

namespace parallax::audit {

class SlidingWindow {
 public:
  static constexpr std::int64_t kSteps = 12;

  /// One more is admitted now; how many those are in the span that ends with this step. Requires: `width` is always the
  /// same, `now` not earlier than before.
  std::uint64_t admit(sim::VirtualTime now, sim::Duration width) {
    if (now >= step_end_) begin_step(now, width);
    ++*current_step();
    return ++in_span_;
  }

 private:
  void begin_step(sim::VirtualTime now, sim::Duration width) {
    const std::int64_t length = std::max<std::int64_t>(width.ns / kSteps, 1);
    const std::int64_t step = now.ns / length;
    for (std::int64_t passed = std::max(step_ + 1, step - kSteps + 1); passed <= step; ++passed) {
      step_ = passed;
      in_span_ -= std::exchange(*current_step(), 0);
    }
    step_end_ = sim::VirtualTime{(step + 1) * length};
  }
  std::uint32_t* current_step() { return &admitted_[static_cast<std::size_t>(step_ % kSteps)]; }

  std::uint64_t in_span_{0};  ///< sum of admitted_
  std::int64_t step_{-1};
  sim::VirtualTime step_end_{0};
  std::array<std::uint32_t, kSteps> admitted_{};  ///< by step, modulo their number
};

}  // namespace parallax::audit
