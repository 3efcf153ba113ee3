// One scenario laid over another that it extends. A value of the upper one replaces that of the lower. Blocks are laid
// field by field, lists whose elements have keys element by element, in place or at the end; other lists are replaced.
// Where fields exclude each other, one that the upper gives takes the place of those of the lower.
#pragma once

#include <string>

#include "scenarios/parse.h"

namespace parallax::scenarios {

/// `as_said`: what the upper one calls the lower. Each value keeps its place; problems of both are kept. The lower's
/// name is not passed on. Of a lower one that could not be read to its end nothing is, and the upper counts as such
/// too.
Draft lay_over(Draft upper, const Draft& lower, const std::string& as_said);

}  // namespace parallax::scenarios
