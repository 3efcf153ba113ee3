#include "scenarios/claims/claims.h"

#include <google/protobuf/text_format.h>

#include <stdexcept>

#include "scenarios/data/carried_file.h"

namespace parallax::scenarios {

schema::Claims library_claims() {
  schema::Claims claims;
  if (!google::protobuf::TextFormat::ParseFromString(std::string{data::carried_claims().front().text}, &claims)) {
    throw std::logic_error("the claims that the binary carries are no claims");
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
