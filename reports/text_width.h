// How wide words in a picture are. Pictures are laid out before anybody knows the reader's fonts, so this is what the
// widest of them need (Segoe UI, Roboto, Helvetica, Arial, DejaVu Sans Condensed): no name leaves its frame.
#pragma once

#include <string>
#include <string_view>

namespace parallax::reports {

/// In pixels, of text in a size; bold text is wider by a twelfth.
double text_width(std::string_view text, double size);

/// Cut to the width, with "…" for what is left out; at least one letter of it.
std::string fitted(std::string_view text, double width, double size);

}  // namespace parallax::reports
