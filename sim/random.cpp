#include "sim/random.h"

#include <xxhash.h>

#include <Random123/philox.h>

#include <cassert>
#include <limits>
#include <string>

namespace parallax::sim {

namespace {

__extension__ using WideProduct = unsigned __int128;

// XXH3 is specified byte for byte since xxHash 0.8.0, so keys are the same everywhere.
std::uint64_t stream_key(std::uint64_t seed, std::string_view entity, std::string_view purpose) {
  std::string name{entity};
  name.push_back('\0');
  name.append(purpose);
  return XXH3_64bits_withSeed(name.data(), name.size(), seed);
}

}  // namespace

std::uint64_t chance_threshold(double share) {
  constexpr double kTwoTo64 = 18446744073709551616.0;  // not representable: certainty misses one draw in 2^64
  return share >= 1 ? std::numeric_limits<std::uint64_t>::max() : static_cast<std::uint64_t>(share * kTwoTo64);
}

Stream::Stream(std::uint64_t seed, std::string_view entity, std::string_view purpose)
    : key_{stream_key(seed, entity, purpose)} {}

void Stream::refill() {
  using Generator = r123::Philox4x32;
  const Generator::ctr_type counter{
      {static_cast<std::uint32_t>(counter_), static_cast<std::uint32_t>(counter_ >> 32), 0, 0}};
  const Generator::key_type key{{static_cast<std::uint32_t>(key_), static_cast<std::uint32_t>(key_ >> 32)}};
  const Generator::ctr_type block = Generator{}(counter, key);
  ++counter_;
  spare_[1] = static_cast<std::uint64_t>(block[1]) << 32 | block[0];
  spare_[0] = static_cast<std::uint64_t>(block[3]) << 32 | block[2];
  spares_ = 2;
}

std::uint64_t Stream::next() {
  if (spares_ == 0) refill();
  return spare_[--spares_];
}

// Multiply-shift with rejection (Lemire, ACM TOMACS 2019): the rejected remainder removes the bias.
std::uint64_t Stream::below(std::uint64_t bound) {
  assert(bound > 0);
  WideProduct product = static_cast<WideProduct>(next()) * bound;
  if (static_cast<std::uint64_t>(product) < bound) {
    const std::uint64_t threshold = (0 - bound) % bound;
    while (static_cast<std::uint64_t>(product) < threshold) product = static_cast<WideProduct>(next()) * bound;
  }
  return static_cast<std::uint64_t>(product >> 64);
}

}  // namespace parallax::sim
