// A regression suite as a comment on a change: GitHub's Markdown, at most 60 lines, whatever its size.
#pragma once

#include <cstddef>
#include <string>

#include "scenarios/suite/suite.h"

namespace parallax::reports {

inline constexpr std::size_t kMarkdownLinesMost = 60;

std::string suite_markdown(const scenarios::suite::Suite& suite);

}  // namespace parallax::reports
