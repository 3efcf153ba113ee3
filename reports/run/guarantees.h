// The four session guarantees of a result: how often each was broken, and the fewest steps that show it.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "scenarios/schema/result.pb.h"

namespace parallax::reports {

inline constexpr std::array<std::string_view, 4> kGuarantees{"read_your_writes", "monotonic_reads", "monotonic_writes",
                                                             "writes_follow_reads"};

/// "session.monotonic_reads.count".
std::string guarantee_metric(std::string_view guarantee);

/// All seeds.
std::uint64_t times_broken(const schema::Result& result, std::string_view guarantee);

/// Of all seeds the one whose witness has the fewest steps, then the shortest time between them; null if it was never
/// broken.
const schema::GuaranteeSeen* shortest_proof(const schema::Result& result, std::string_view guarantee);

}  // namespace parallax::reports
