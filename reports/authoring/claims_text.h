// What others have claimed, with our verdicts: for terminals, and as Markdown.
#pragma once

#include <string>

#include "scenarios/schema/claims.pb.h"

namespace parallax::reports {

std::string claims_text(const schema::Claims& claims);

/// A table of how many claims of each text have which verdict, then a table for each text.
std::string claims_markdown(const schema::Claims& claims);

/// The first of them.
std::string claims_summary(const schema::Claims& claims);

}  // namespace parallax::reports
