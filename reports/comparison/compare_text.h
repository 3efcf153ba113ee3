// The summary that `parallax compare` prints: plain text for terminals and for grep.
#pragma once

#include <string>

#include "scenarios/schema/comparison.pb.h"

namespace parallax::reports {

/// Ends with a newline.
std::string compare_text(const schema::Comparison& comparison);

}  // namespace parallax::reports
