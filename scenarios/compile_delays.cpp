#include "scenarios/compile_delays.h"

#include <vector>

#include "scenarios/checked_text.h"

namespace parallax::scenarios {

using sim::Distribution;
using sim::Duration;

namespace {

/// Given or measured.
template <typename Quantiles>
Distribution lognormal(const Quantiles& delay) {
  const Duration p50 = duration(delay.p50());
  const Duration p95 = duration(delay.p95());
  if (p50 == p95) return Distribution::constant(p50);
  const Duration least = delay.least().empty() ? Duration{p50.ns / 10 * 9} : duration(delay.least());
  return Distribution::shifted_lognormal(p50, p95, least);
}

}  // namespace

Distribution distribution_of(const schema::Delay& delay) {
  if (!delay.constant().empty()) return Distribution::constant(duration(delay.constant()));
  if (delay.has_uniform()) {
    return Distribution::uniform(duration(delay.uniform().least()), duration(delay.uniform().greatest()));
  }
  if (delay.has_lognormal()) return lognormal(delay.lognormal());
  if (delay.has_measured()) return lognormal(delay.measured());
  if (delay.has_empirical()) {
    std::vector<Duration> quantiles;
    for (const std::string& quantile : delay.empirical().quantiles()) quantiles.push_back(duration(quantile));
    return Distribution::empirical(quantiles);
  }
  return {};
}

}  // namespace parallax::scenarios
