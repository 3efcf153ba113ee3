#include "scenarios/comparison/paired.h"

#include <Eigen/Core>
#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <utility>

#include "sim/random.h"

namespace parallax::scenarios {

namespace {

constexpr double kEndless = std::numeric_limits<double>::infinity();
constexpr std::size_t kLeastSeeds = 6;     // as median_interval()
constexpr std::size_t kRedraws = 2'000;    // Efron and Tibshirani (1993), chapter 14: at least 1,000 for intervals
constexpr std::size_t kRedrawsBelow = 50;  // 2.5 % of them

bool is_open(const SeedValues& of, std::size_t place) {
  return std::find(of.open.begin(), of.open.end(), place) != of.open.end();
}

// Places of the seeds that both have a value for. Seeds are in ascending order in both.
std::vector<std::pair<std::size_t, std::size_t>> common_seeds(const SeedValues& a, const SeedValues& b) {
  std::vector<std::pair<std::size_t, std::size_t>> places;
  for (std::size_t i = 0, j = 0; i < a.seeds.size() && j < b.seeds.size();) {
    if (a.seeds[i] == b.seeds[j]) places.emplace_back(i, j);
    const std::uint64_t seed = std::min(a.seeds[i], b.seeds[j]);
    i += a.seeds[i] == seed;
    j += b.seeds[j] == seed;
  }
  return places;
}

double variance(const Eigen::ArrayXd& values) { return (values - values.mean()).square().sum(); }

}  // namespace

std::vector<SeedDifference> differences(const SeedValues& design, const SeedValues& baseline) {
  std::vector<SeedDifference> all;
  for (const auto& [ours, theirs] : common_seeds(design, baseline)) {
    const double seen = design.values[ours] - baseline.values[theirs];
    all.push_back({is_open(baseline, theirs) ? -kEndless : seen, is_open(design, ours) ? kEndless : seen, seen});
  }
  return all;
}

std::optional<Interval> difference_interval(std::span<const SeedDifference> differences) {
  std::vector<double> least;
  std::vector<double> greatest;
  for (const SeedDifference& difference : differences) {
    least.push_back(difference.least);
    greatest.push_back(difference.greatest);
  }
  const auto low = median_interval(std::move(least));
  const auto high = median_interval(std::move(greatest));
  return low && high ? std::optional{Interval{low->low, high->high}} : std::nullopt;
}

double sign_test(std::span<const SeedDifference> differences) {
  std::size_t positive = 0;
  std::size_t negative = 0;
  for (const SeedDifference& difference : differences) {
    positive += difference.least > 0;
    negative += difference.greatest < 0;
  }
  const std::vector<double> terms = binomial_terms(positive + negative);
  const auto end = terms.begin() + static_cast<std::ptrdiff_t>(std::min(positive, negative) + 1);
  const double tail = std::accumulate(terms.begin(), end, 0.0);
  return std::min(1.0, 2 * tail / std::accumulate(terms.begin(), terms.end(), 0.0));
}

std::vector<double> holm(std::span<const double> p) {
  std::vector<std::size_t> order(p.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return p[a] < p[b]; });
  std::vector<double> corrected(p.size());
  double greatest = 0;
  for (std::size_t rank = 0; rank < order.size(); ++rank) {
    greatest = std::max(greatest, static_cast<double>(order.size() - rank) * p[order[rank]]);
    corrected[order[rank]] = std::min(1.0, greatest);
  }
  return corrected;
}

std::optional<Pairing> pairing(const SeedValues& design, const SeedValues& baseline) {
  const auto places = common_seeds(design, baseline);
  if (places.size() < 2) return std::nullopt;
  Eigen::ArrayXd ours(static_cast<Eigen::Index>(places.size()));
  Eigen::ArrayXd theirs(ours.size());
  for (Eigen::Index i = 0; i < ours.size(); ++i) {
    ours[i] = design.values[places[static_cast<std::size_t>(i)].first];
    theirs[i] = baseline.values[places[static_cast<std::size_t>(i)].second];
  }
  const double both = variance(ours) + variance(theirs);
  if (variance(ours) <= 0 || variance(theirs) <= 0) return std::nullopt;
  const double covariance = ((ours - ours.mean()) * (theirs - theirs.mean())).sum();
  const double paired = variance(ours - theirs);
  const double correlation = covariance / std::sqrt(variance(ours) * variance(theirs));
  return Pairing{std::clamp(correlation, -1.0, 1.0), paired > 0 ? both / paired : kEndless};
}

std::optional<Interval> mean_interval(std::span<const SeedDifference> differences) {
  if (differences.size() < kLeastSeeds) return std::nullopt;
  sim::Stream stream(0, "comparison", "seeds drawn again");
  std::vector<double> means(kRedraws);
  for (double& mean : means) {
    double sum = 0;
    for (std::size_t i = 0; i < differences.size(); ++i) sum += differences[stream.below(differences.size())].seen;
    mean = sum / static_cast<double>(differences.size());
  }
  std::sort(means.begin(), means.end());
  return Interval{means[kRedrawsBelow], means[kRedraws - 1 - kRedrawsBelow]};
}

}  // namespace parallax::scenarios
