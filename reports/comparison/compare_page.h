// The page of a comparison, self-contained like those of html.h.
#pragma once

#include <string>

#include "scenarios/schema/comparison.pb.h"

namespace parallax::reports {

/// The whole compare.html. The same comparison gives the same bytes. Links lead to <scenario>/report.html beside it.
std::string compare_page(const schema::Comparison& comparison);

}  // namespace parallax::reports
