// The summary that `parallax run` prints: plain text in 80 columns, one fact a line, for terminals and for grep.
#pragma once

#include <string>

#include "scenarios/schema/result.pb.h"

namespace parallax::reports {

/// Ends with a newline.
std::string summary(const schema::Result& result);

}  // namespace parallax::reports
