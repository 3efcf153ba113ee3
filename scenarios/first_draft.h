// The text of a scenario that somebody begins with: one of the library under a name of its own, or a plain deployment
// over the places that he names. Complete, with comments, and right as it stands.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "scenarios/library.h"

namespace parallax::scenarios {

/// The set of round trips that delays between places are taken from: the one with the most places.
constexpr std::string_view kDraftSet = "aws-2020-06-05";

/// The entry's own text. Where it extends another, both written out as one, with the comments above their blocks.
std::string draft_from(const LibraryEntry& entry, const std::string& name);

/// `sites`: two or more names, each known to data::find_place and none twice. Active-active: each serves the users
/// around it, databases are replicated between all, and the last one is lost for ten minutes.
std::string draft_over(std::span<const std::string> sites, const std::string& name);

}  // namespace parallax::scenarios
