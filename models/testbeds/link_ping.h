// A link by itself: a packet there and one back.
#pragma once

#include <cstdint>
#include <vector>

#include "sim/time.h"

namespace parallax::testbeds {

struct PingSetting {
  sim::Duration one_way{};
  sim::Duration jitter{};  ///< a packet takes one_way +- jitter, uniform
  std::uint32_t times{60};
  sim::Duration interval{sim::milliseconds(200)};
};

/// Round trips of one run, in milliseconds.
std::vector<double> run_ping(const PingSetting& setting, std::uint64_t seed);

}  // namespace parallax::testbeds
