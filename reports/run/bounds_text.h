// What can be said of a scenario without playing it, as text.
#pragma once

#include <string>

#include "scenarios/schema/result.pb.h"

namespace parallax::reports {

/// Of each kind of change and pair of data centers: at the least, at the most, and why.
std::string bounds_text(const schema::Result& foreseen);

/// Who needs whom, what there is only one of, and the bounds under any single fault.
std::string dependencies_text(const schema::Result& foreseen);

}  // namespace parallax::reports
