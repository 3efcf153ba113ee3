// scenarios/library/claims.txtpb, built in by embed_claims.cmake.
#pragma once

#include <string_view>

namespace parallax::scenarios {

extern const std::string_view kLibraryClaims;

}  // namespace parallax::scenarios
