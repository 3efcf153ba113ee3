#include "models/domain/outcome.h"

namespace parallax::domain {

Answer answer_of(Outcome outcome) {
  switch (outcome) {
    case Outcome::kAdmitted:
      return {200, 0};
    case Outcome::kApiUnknown:
      return {404, 404};
    case Outcome::kTokenInvalid:
      return {401, 900901};
    case Outcome::kSubscriptionBlocked:
      return {401, 900907};
    case Outcome::kSubscriptionMissing:
      return {403, 900908};
    case Outcome::kQuotaExceeded:
      return {429, 900804};
    case Outcome::kUnavailable:
      return {503, 0};
  }
  return {500, 900900};
}

std::string_view name_of(Outcome outcome) {
  switch (outcome) {
    case Outcome::kAdmitted:
      return "admitted";
    case Outcome::kApiUnknown:
      return "api_unknown";
    case Outcome::kTokenInvalid:
      return "token_invalid";
    case Outcome::kSubscriptionBlocked:
      return "subscription_blocked";
    case Outcome::kSubscriptionMissing:
      return "subscription_missing";
    case Outcome::kQuotaExceeded:
      return "quota_exceeded";
    case Outcome::kUnavailable:
      return "unavailable";
  }
  return "unknown";
}

}  // namespace parallax::domain
