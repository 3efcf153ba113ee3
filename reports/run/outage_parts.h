// The parts of the loss of a data center as a population saw it, and what they are called.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "scenarios/schema/result.pb.h"

namespace parallax::reports {

/// In ns; they add up to unavailable_ns.
std::array<std::int64_t, 4> parts_of(const schema::OutageSeen& outage);

/// Whether the last part was no warm-up, but waiting for the data center itself: there was nowhere else to go, as all
/// that the population's region leads to were lost, or nothing had noticed that one was.
bool waits_for_return(const schema::Result& result, const schema::OutageSeen& outage);

/// "until a check failed", ..., and at last "warm-up" or "until it was back".
std::array<std::string_view, 4> part_words(const schema::Result& result, const schema::OutageSeen& outage);

}  // namespace parallax::reports
