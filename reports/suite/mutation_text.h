// What mutations of a suite's scenarios have shown, for terminals and logs.
#pragma once

#include <string>

#include "scenarios/suite/mutation.h"

namespace parallax::reports {

/// Which expectations cannot fail, as far as their mutations tell, each with the command that plays its mutation; then
/// what all come to.
std::string mutation_text(const scenarios::suite::MutatedSuite& suite);

}  // namespace parallax::reports
