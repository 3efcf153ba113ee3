#include "scenarios/backtest/band.h"

#include <algorithm>
#include <cmath>
#include <optional>

#include "sim/random.h"

namespace parallax::scenarios::backtest {

namespace {

/// Of `calls` calls drawn from a bucket without putting any back.
Part drawn(Part from, std::uint64_t calls, sim::Stream& stream) {
  Part out{0, calls};
  for (std::uint64_t i = 0; i < calls; ++i, --from.all) {
    const bool is_of_it = stream.below(from.all) < from.of_it;
    out.of_it += is_of_it;
    from.of_it -= is_of_it;
  }
  return out;
}

/// The shares of the drill and of all seeds in one bucket, which is compared.
std::vector<double> shares_in(const Line& line, std::size_t bucket) {
  std::vector<double> shares{*line.observed[bucket].share()};
  for (const auto& seed : line.seeds) shares.push_back(*seed[bucket].share());
  return shares;
}

/// How far each of them lies outside the band of the others.
std::vector<double> excesses(const std::vector<double>& shares) {
  std::vector<double> sorted = shares;
  std::sort(sorted.begin(), sorted.end());
  const std::size_t others = shares.size() - 1;
  const auto left_out = static_cast<std::size_t>(std::ceil(0.05 * static_cast<double>(others) - 1e-6));
  const std::size_t rank = std::max<std::size_t>(left_out, 1);
  std::vector<double> out;
  for (const double share : shares) {
    // Without this one the others close up.
    const double low = share < sorted[rank] ? sorted[rank] : sorted[rank - 1];
    const double high = share > sorted[others - rank] ? sorted[others - rank] : sorted[others - rank + 1];
    out.push_back(share < low ? low - share : share > high ? share - high : 0);
  }
  return out;
}

}  // namespace

void see_as_many(Line& line) {
  sim::Stream stream(0, line.name + " " + line.of, "calls of a drill");
  for (auto& seed : line.seeds) {
    for (std::size_t i = 0; i < seed.size(); ++i) {
      const std::uint64_t calls = line.observed[i].all;
      if (calls > 0 && seed[i].all > calls) seed[i] = drawn(seed[i], calls, stream);
    }
  }
}

bool is_compared(const Line& line, std::size_t bucket) {
  return line.observed[bucket].all > 0 &&
         std::all_of(line.seeds.begin(), line.seeds.end(), [&](const auto& seed) { return seed[bucket].all > 0; });
}

Ranked rank(const std::vector<Line>& lines) {
  Ranked ranked;
  ranked.members.resize(lines.front().seeds.size() + 1);
  for (const Line& line : lines) {
    for (std::size_t bucket = 0; bucket < line.observed.size(); ++bucket) {
      if (!is_compared(line, bucket)) continue;
      ++ranked.buckets;
      const std::vector<double> far = excesses(shares_in(line, bucket));
      for (std::size_t member = 0; member < far.size(); ++member) {
        ranked.members[member].outside += far[member] > 0;
        ranked.members[member].area += far[member];
      }
    }
  }
  const auto as_far = std::count_if(ranked.members.begin(), ranked.members.end(),
                                    [&](const Misfit& misfit) { return misfit >= ranked.members.front(); });
  ranked.p = static_cast<double>(as_far) / static_cast<double>(ranked.members.size());
  return ranked;
}

}  // namespace parallax::scenarios::backtest
