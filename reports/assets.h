// What every page holds besides its words, from assets/, built in by embed_asset.cmake.
#pragma once

#include <string_view>

namespace parallax::reports {

struct Asset {
  std::string_view text;
  std::string_view sha256;  ///< base64, as a content-security policy names it
};

extern const Asset kStyle;
extern const Asset kDarkStyle;  ///< the same in the colours of the dark
extern const Asset kScript;     ///< what a reader may do with a page; without it nothing is missing

}  // namespace parallax::reports
