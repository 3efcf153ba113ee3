// Counter-based random streams: Philox4x32-10 of Random123 (Salmon et al., SC'11). A stream belongs to one purpose of
// one entity, so adding an entity or a draw moves nobody else's numbers, and two topologies can be compared on common
// random numbers.
#pragma once

#include <cstdint>
#include <string_view>

namespace parallax::sim {

/// For Stream::chance: `share` of 2^64. Requires: a share in [0, 1].
std::uint64_t chance_threshold(double share);

class Stream {
 public:
  /// The stream of (seed, entity, purpose), e.g. (7, "dc/node-a", "sweep phase"). Equal arguments, equal numbers.
  Stream(std::uint64_t seed, std::string_view entity, std::string_view purpose);

  std::uint64_t next();

  /// Uniform over [0, bound), without bias. Requires: bound > 0.
  std::uint64_t below(std::uint64_t bound);

  /// True with probability `threshold` / 2^64.
  bool chance(std::uint64_t threshold) { return next() < threshold; }

 private:
  void refill();

  std::uint64_t key_;
  std::uint64_t counter_{0};
  std::uint64_t spare_[2]{};
  unsigned spares_{0};
};

}  // namespace parallax::sim
