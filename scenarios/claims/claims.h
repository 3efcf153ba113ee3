// The claims of scenarios/library/claims.txtpb, which is built in: what others have written of deployments like those of
// the library, and our verdicts.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "scenarios/schema/claims.pb.h"

namespace parallax::scenarios {

schema::Claims library_claims();

struct ClaimOfText {
  const schema::SeedText* text;
  const schema::Claim* claim;
};

/// Nothing if there is no such claim.
std::optional<ClaimOfText> find_claim(const schema::Claims& claims, std::string_view id);

std::vector<std::string> claim_ids(const schema::Claims& claims);

/// "only if"
std::string_view to_string(schema::ClaimVerdict verdict);

}  // namespace parallax::scenarios
