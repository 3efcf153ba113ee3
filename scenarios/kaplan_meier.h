// How long windows last where some are still open when the run ends: of those only the least that they can be is known
// (right-censored). The product-limit estimate of Kaplan and Meier (1958) neither drops them nor takes them for closed.
//
// With n windows at risk (closed or cut off at t or later) and d of them closed at t, the share that lasts longer than
// t is S(t) = product over all t' <= t of (1 - d / n). Told the other way round (Efron 1967): a window that is cut off
// leaves its share in equal parts to all that were seen for longer. A quantile q is the least t with 1 - S(t) >= q;
// where the longest were cut off, S never comes down to 0 and the quantiles beyond are not reached.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace parallax::scenarios {

/// A length in nanoseconds; `open`: at least so much.
struct Lifetime {
  std::int64_t ns{0};
  bool open{false};

  friend bool operator==(const Lifetime&, const Lifetime&) = default;
};

class KaplanMeier {
 public:
  /// Requires: not empty. What is cut off in the instant in which another closes was seen for longer than that one.
  explicit KaplanMeier(std::vector<Lifetime> lifetimes);

  /// The least length that a share `q` does not exceed, the first for 0; where it is not reached, open, the greatest
  /// length seen. Without open ones the quantile() of statistics.h, to the bit.
  Lifetime quantile(double q) const;

  /// The share whose length is known: 1 unless the longest are open.
  double reached() const;

 private:
  struct Step {
    std::int64_t ns;
    double closed;  ///< of `all_`, up to here; shares of open ones included
  };

  double all_;
  std::int64_t greatest_;
  std::vector<Step> steps_;  ///< in order
};

}  // namespace parallax::scenarios
