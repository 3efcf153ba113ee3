#include "models/audit/latency.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <utility>
#include <vector>

#include "sim/random.h"

namespace parallax::audit {
namespace {

// The smallest value that at least q of all values do not exceed.
std::int64_t exact_quantile(std::vector<std::int64_t> values, double q) {
  std::sort(values.begin(), values.end());
  const auto rank = static_cast<std::size_t>(std::ceil(q * static_cast<double>(values.size())));
  return values[rank == 0 ? 0 : rank - 1];
}

TEST_CASE("an empty histogram has quantile zero") { CHECK(LatencyHistogram{}.quantile(0.5).ns == 0); }

// Buckets hold 1 ns each below 128 ns.
TEST_CASE("small latencies are exact") {
  LatencyHistogram histogram;
  for (std::int64_t ns = 0; ns < 128; ++ns) histogram.add({ns});
  CHECK(histogram.quantile(0).ns == 0);
  CHECK(histogram.quantile(0.5).ns == 63);  // the 64th of 0..127
  CHECK(histogram.quantile(1).ns == 127);
}

// From 128 ns on a bucket holds 2 ns, from 256 ns on 4 ns.
TEST_CASE("a quantile is the upper end of its bucket") {
  for (const auto& [ns, upper_end] : {std::pair{127, 127}, {128, 129}, {129, 129}, {256, 259}, {260, 263}}) {
    LatencyHistogram histogram;
    histogram.add({ns});
    CHECK(histogram.quantile(0.5).ns == upper_end);
  }
}

TEST_CASE("one latency of any size is its own quantile within a 64th") {
  for (int bit = 0; bit < 62; ++bit) {
    for (const std::int64_t offset : {-1, 0, 1}) {
      const std::int64_t ns = std::max<std::int64_t>((std::int64_t{1} << bit) + offset, 0);
      LatencyHistogram histogram;
      histogram.add({ns});
      const std::int64_t quantile = histogram.quantile(0.5).ns;
      CHECK(quantile >= ns);
      CHECK(quantile - ns <= ns / 64);
    }
  }
}

// Latencies from 1 ns to 2^50 ns, alike on a logarithmic scale.
TEST_CASE("every quantile is at most a 64th above the exact one, never below") {
  sim::Stream stream{1, "latency test", "values"};
  LatencyHistogram histogram;
  std::vector<std::int64_t> values;
  for (int i = 0; i < 10'000; ++i) {
    values.push_back(static_cast<std::int64_t>(stream.next() >> (14 + stream.below(50))));
    histogram.add({values.back()});
  }
  for (const double q : {0.0, 0.001, 0.01, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99, 0.999, 1.0}) {
    const std::int64_t exact = exact_quantile(values, q);
    const std::int64_t quantile = histogram.quantile(q).ns;
    CHECK(quantile >= exact);
    CHECK(quantile - exact <= exact / 64);
  }
}

TEST_CASE("histograms of parts add up to that of the whole") {
  LatencyHistogram whole, parts, slow;
  for (int ms = 1; ms <= 100; ++ms) {
    whole.add(sim::milliseconds(ms));
    (ms <= 60 ? parts : slow).add(sim::milliseconds(ms));
  }
  CHECK(parts.count() == 60);
  parts.add(slow);
  CHECK(parts.count() == 100);
  for (const double q : {0.0, 0.5, 0.99, 1.0}) CHECK(parts.quantile(q) == whole.quantile(q));
}

}  // namespace
}  // namespace parallax::audit
