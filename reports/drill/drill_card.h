// The sheet that lies on the table while a drill is held: a page that prints on one side, and the same as Markdown.
#pragma once

#include <string>

#include "scenarios/schema/result.pb.h"

namespace parallax::reports {

/// Why there is no card of a result; empty if there is one.
std::string no_drill_card(const schema::Result& result);

/// Requires: there is one.
std::string drill_card_page(const schema::Result& result);
std::string drill_card_markdown(const schema::Result& result);

}  // namespace parallax::reports
