#include "models/domain/change.h"

namespace parallax::domain {

std::string_view name_of(ChangeKind kind) {
  switch (kind) {
    case ChangeKind::kTokenIssued:
      return "token_issued";
    case ChangeKind::kTokenRevoked:
      return "token_revoked";
    case ChangeKind::kApiPublished:
      return "api_published";
    case ChangeKind::kApiRetired:
      return "api_retired";
    case ChangeKind::kSubscriptionAdded:
      return "subscription_added";
    case ChangeKind::kSubscriptionBlocked:
      return "subscription_blocked";
    case ChangeKind::kPolicyChanged:
      return "policy_changed";
  }
  return "unknown";
}

}  // namespace parallax::domain
