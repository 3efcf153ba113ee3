// Distributions of delays, compiled at set-up into integer quantile tables: drawing one needs no floating point, so
// the same numbers come out on every CPU. Between two of the 4,097 points the quantile function is linear.
//
// The last cell of an unbounded distribution ends where the cell keeps its mean, so that the table's mean is the
// distribution's; the greatest value is finite (10.3 means for the exponential one).
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "sim/random.h"
#include "sim/time.h"

namespace parallax::sim {

class Distribution {
 public:
  /// Always zero.
  Distribution() = default;

  static Distribution constant(Duration value);

  /// Requires: least <= greatest.
  static Distribution uniform(Duration least, Duration greatest);

  /// Gaps of a Poisson process. Requires: mean > 0.
  static Distribution exponential(Duration mean);

  /// least + exp(N(mu, sigma)) with the given 50th and 95th percentile. Requires: least < p50 < p95.
  static Distribution shifted_lognormal(Duration p50, Duration p95, Duration least);

  /// Equally spaced quantiles of measured values, from the least to the greatest. Requires: two or more, ascending.
  static Distribution empirical(std::span<const Duration> quantiles);

  Duration sample(Stream& stream) const { return table_ ? interpolate(stream.next()) : constant_; }

  Duration least() const { return table_ ? Duration{table_->front()} : constant_; }
  Duration greatest() const { return table_ ? Duration{table_->back()} : constant_; }
  /// Rounded down.
  Duration mean() const;
  bool is_constant() const { return table_ == nullptr; }

 private:
  using Table = std::vector<std::int64_t>;
  explicit Distribution(Table table) : table_{std::make_shared<const Table>(std::move(table))} {}
  Duration interpolate(std::uint64_t random) const;

  Duration constant_{};
  std::shared_ptr<const Table> table_;  // shared: scenarios use one table for many links
};

}  // namespace parallax::sim
