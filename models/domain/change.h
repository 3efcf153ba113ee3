// A change: a committed write that gateways, or traffic managers, must come to obey.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace parallax::domain {

enum class ChangeKind : std::uint8_t {
  kTokenIssued,
  kTokenRevoked,
  kApiPublished,
  kApiRetired,
  kSubscriptionAdded,
  kSubscriptionBlocked,
  kPolicyChanged,
};

inline constexpr std::array kChangeKinds{ChangeKind::kTokenIssued,       ChangeKind::kTokenRevoked,
                                         ChangeKind::kApiPublished,      ChangeKind::kApiRetired,
                                         ChangeKind::kSubscriptionAdded, ChangeKind::kSubscriptionBlocked,
                                         ChangeKind::kPolicyChanged};

/// The name in metrics: "token_revoked".
std::string_view name_of(ChangeKind kind);

}  // namespace parallax::domain
