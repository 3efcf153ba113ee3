// Runs that a limit of the command line has ended.
#pragma once

#include <algorithm>

#include "scenarios/schema/result.pb.h"

namespace parallax::scenarios {

/// Whether a limit has ended one of the runs before its time: then nothing that they say is proved.
inline bool is_cut_short(const schema::Result& result) {
  return std::any_of(result.runs().begin(), result.runs().end(), [](const auto& run) { return run.has_limit(); });
}

}  // namespace parallax::scenarios
