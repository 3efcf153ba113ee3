#include "models/logic/jwt/verdict.h"

namespace parallax::logic::jwt {

std::string_view name_of(Validity validity) {
  constexpr std::array<std::string_view, kValidities.size()> kNames{
      "valid",         "oversized",   "malformed",       "algorithm_refused", "wrong_type",
      "wrong_issuer",  "key_pending", "key_unavailable", "unknown_key",       "bad_signature",
      "missing_claim", "expired",     "not_yet_valid",   "wrong_audience"};
  return kNames[static_cast<std::size_t>(validity)];
}

domain::Outcome outcome_of(Validity validity) {
  switch (validity) {
    case Validity::kValid:
      return domain::Outcome::kAdmitted;
    case Validity::kExpired:
      return domain::Outcome::kTokenExpired;
    case Validity::kKeyPending:
    case Validity::kKeyUnavailable:
      return domain::Outcome::kValidationUnavailable;
    default:
      return domain::Outcome::kTokenInvalid;
  }
}

}  // namespace parallax::logic::jwt
