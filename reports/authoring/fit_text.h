// What `parallax fit` prints: a delay to be pasted into a scenario, under comments that tell where it comes from.
#pragma once

#include <string>

#include "scenarios/schema/fit.pb.h"

namespace parallax::reports {

/// Protobuf text format; reads as a message with one `delay`.
std::string fit_text(const schema::Fit& fit);

}  // namespace parallax::reports
