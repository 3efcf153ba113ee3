#include "sim/discrete.h"

#include <sleef.h>

#include <cassert>

namespace parallax::sim {

Discrete::Discrete(std::span<const double> weights) : cells_(weights.size()), count_{weights.size()} {
  assert(!weights.empty());
  double sum = 0;
  for (const double weight : weights) sum += weight;
  assert(sum > 0);

  // Vose's construction: pair each cell that is under the average with one that is over it.
  std::vector<double> share(weights.size());
  std::vector<std::uint32_t> under;
  std::vector<std::uint32_t> over;
  for (std::uint32_t i = 0; i < weights.size(); ++i) {
    share[i] = weights[i] * static_cast<double>(weights.size()) / sum;
    cells_[i] = {chance_threshold(1), i};
    (share[i] < 1 ? under : over).push_back(i);
  }
  while (!under.empty() && !over.empty()) {
    const std::uint32_t small = under.back();
    const std::uint32_t large = over.back();
    under.pop_back();
    cells_[small] = {chance_threshold(share[small]), large};
    share[large] -= 1 - share[small];
    if (share[large] < 1) {
      over.pop_back();
      under.push_back(large);
    }
  }
}

Discrete Discrete::zipf(std::uint32_t count, double exponent) {
  if (exponent == 0) {
    Discrete uniform;
    uniform.count_ = count;
    return uniform;
  }
  std::vector<double> weights(count);
  for (std::uint32_t rank = 0; rank < count; ++rank) {
    weights[rank] = Sleef_cinz_powd1_u10purec(static_cast<double>(rank) + 1, -exponent);
  }
  return Discrete{weights};
}

std::uint32_t Discrete::sample(Stream& stream) const {
  const auto cell = static_cast<std::uint32_t>(stream.below(count_));
  // Without a table each cell keeps all that it gets; as many numbers are drawn as with one.
  const std::uint64_t coin = stream.next();
  if (cells_.empty()) return cell;
  return coin < cells_[cell].threshold ? cell : cells_[cell].alias;
}

}  // namespace parallax::sim
