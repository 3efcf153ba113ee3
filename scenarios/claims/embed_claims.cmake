# cmake -D INPUT=claims.txtpb -D OUTPUT=built_in.cpp -P embed_claims.cmake
# Writes the file as C++, in pieces that a string literal may have (64 KiB by the standard's minimum).
file(READ ${INPUT} text)
set(literals "")
string(LENGTH "${text}" left)
set(begin 0)
while(begin LESS left)
  string(SUBSTRING "${text}" ${begin} 8000 piece)
  string(APPEND literals "\n    R\"txtpb(${piece})txtpb\"")
  math(EXPR begin "${begin} + 8000")
endwhile()
file(WRITE ${OUTPUT} "// Generated from claims.txtpb by embed_claims.cmake.
#include \"scenarios/claims/built_in.h\"

namespace parallax::scenarios {

const std::string_view kLibraryClaims =${literals};

}  // namespace parallax::scenarios
")
