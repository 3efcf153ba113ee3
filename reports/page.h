// The skeleton of every page: one self-contained file that needs no network, and says all it has to say without its
// script.
#pragma once

#include <string>
#include <string_view>

namespace parallax::reports {

/// `body` is HTML; `title` is plain text.
std::string page(std::string_view title, std::string_view body);

/// A section with its heading and the line on how to read it; all three are HTML, `how` may be empty.
std::string section(std::string_view heading, std::string_view how, std::string_view body);

/// What may be wider than the screen scrolls in a frame of its own, with keys too; `label` is plain text, `style` adds
/// classes.
std::string scrolled(std::string_view label, std::string_view body, std::string_view style = "");

/// `body`, folded until somebody wants it.
std::string folded(std::string_view summary, std::string_view body);

}  // namespace parallax::reports
