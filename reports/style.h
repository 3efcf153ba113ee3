// assets/report.css, built in by embed_style.cmake.
#pragma once

#include <string_view>

namespace parallax::reports {

extern const std::string_view kStyle;
extern const std::string_view kStyleSha256;  ///< base64, as a content-security policy names it

}  // namespace parallax::reports
