# cmake -D INPUT=report.css -D OUTPUT=style.cpp -P embed_style.cmake
# Writes the style sheet and its SHA-256, in base64, as C++.
file(READ ${INPUT} css)
file(SHA256 ${INPUT} hex)

# Base64 (RFC 4648): 6 hex digits = 3 bytes = 4 digits of 6 bits; 32 bytes end in one byte of padding.
string(APPEND hex 00)
set(alphabet ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/)
set(base64 "")
foreach(group RANGE 10)
  math(EXPR begin "6 * ${group}")
  string(SUBSTRING ${hex} ${begin} 6 bytes)
  foreach(shift 18 12 6 0)
    math(EXPR digit "(0x${bytes} >> ${shift}) & 63")
    string(SUBSTRING ${alphabet} ${digit} 1 letter)
    string(APPEND base64 ${letter})
  endforeach()
endforeach()
string(REGEX REPLACE "A$" "=" base64 ${base64})

file(WRITE ${OUTPUT} "// Generated from report.css by embed_style.cmake.
#include \"reports/style.h\"

namespace parallax::reports {

const std::string_view kStyleSha256 = \"${base64}\";
const std::string_view kStyle = R\"css(${css})css\";

}  // namespace parallax::reports
")
