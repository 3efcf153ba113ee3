// The claims of scenarios/library/claims.txtpb, which is built in: what others have written of deployments like those
// of the library, and our verdicts.
#pragma once

#include <string_view>

#include "scenarios/schema/claims.pb.h"

namespace parallax::scenarios {

schema::Claims library_claims();

/// "only if"
std::string_view to_string(schema::ClaimVerdict verdict);

}  // namespace parallax::scenarios
