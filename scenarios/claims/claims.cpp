#include "scenarios/claims/claims.h"

#include <google/protobuf/text_format.h>

#include <stdexcept>

#include "scenarios/claims/built_in.h"

namespace parallax::scenarios {

schema::Claims library_claims() {
  schema::Claims claims;
  if (!google::protobuf::TextFormat::ParseFromString(std::string{kLibraryClaims}, &claims)) {
    throw std::logic_error("the claims that are built in are no claims");
  }
  return claims;
}

std::string_view to_string(schema::ClaimVerdict verdict) {
  switch (verdict) {
    case schema::CONFIRMED:
      return "confirmed";
    case schema::REFUTED:
      return "refuted";
    case schema::ONLY_IF:
      return "only if";
    case schema::NOT_MODELLED:
      return "not modelled";
    default:
      return "unjudged";
  }
}

}  // namespace parallax::scenarios
