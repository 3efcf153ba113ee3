// What halving and doubling defaults has shown, in the words of page and terminal.
#pragma once

#include <string>

#include "scenarios/schema/result.pb.h"

namespace parallax::reports {

/// "2 defaults decide a target"; "No target turns when any of 31 defaults is halved or doubled".
std::string fragility_headline(const schema::Fragility& fragility);

/// "Access that should have ended would be missed"; of several targets all of them. What comes from scenarios is in it
/// as it is.
std::string flips_in_words(const schema::Nudge& nudge);

}  // namespace parallax::reports
