#include "models/audit/latency.h"

#include <bit>
#include <cmath>

namespace parallax::audit {

namespace {

constexpr unsigned kPrecisionBits = 6;
constexpr std::uint64_t kExact = std::uint64_t{1} << (kPrecisionBits + 1);  // below it, a bucket per nanosecond

std::size_t bucket_of(std::uint64_t ns) {
  if (ns < kExact) return ns;
  const auto shift = static_cast<unsigned>(std::bit_width(ns)) - kPrecisionBits - 1;
  return (static_cast<std::size_t>(shift) << kPrecisionBits) + (ns >> shift);
}

std::uint64_t upper_end(std::size_t bucket) {
  if (bucket < kExact) return bucket;
  const std::size_t shift = (bucket >> kPrecisionBits) - 1;
  const std::uint64_t mantissa = bucket - (shift << kPrecisionBits);
  return ((mantissa + 1) << shift) - 1;
}

}  // namespace

void LatencyHistogram::add(sim::Duration latency) {
  const std::size_t bucket = bucket_of(static_cast<std::uint64_t>(latency.ns));
  if (bucket >= buckets_.size()) buckets_.resize(bucket + 1);
  ++buckets_[bucket];
  ++count_;
}

void LatencyHistogram::add(const LatencyHistogram& other) {
  if (other.buckets_.size() > buckets_.size()) buckets_.resize(other.buckets_.size());
  for (std::size_t bucket = 0; bucket < other.buckets_.size(); ++bucket) buckets_[bucket] += other.buckets_[bucket];
  count_ += other.count_;
}

sim::Duration LatencyHistogram::quantile(double q) const {
  if (count_ == 0) return {};
  const auto rank = static_cast<std::uint64_t>(std::ceil(q * static_cast<double>(count_)));
  std::uint64_t seen = 0;
  for (std::size_t bucket = 0; bucket < buckets_.size(); ++bucket) {
    seen += buckets_[bucket];
    if (seen >= rank && seen > 0) return {static_cast<std::int64_t>(upper_end(bucket))};
  }
  return {};
}

}  // namespace parallax::audit
