// A histogram of latencies with buckets of at most 1/64 of the value (HdrHistogram's layout), so that a run of any
// length takes a fixed space.
#pragma once

#include <cstdint>
#include <vector>

#include "sim/time.h"

namespace parallax::audit {

class LatencyHistogram {
 public:
  void add(sim::Duration latency);
  void add(const LatencyHistogram& other);

  /// The upper end of the bucket that holds the q-quantile, q in [0, 1]; zero if empty.
  sim::Duration quantile(double q) const;

  std::uint64_t count() const { return count_; }

 private:
  std::vector<std::uint64_t> buckets_;
  std::uint64_t count_{0};
};

}  // namespace parallax::audit
