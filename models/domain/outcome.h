// What a gateway answers.
#pragma once

#include <cstdint>
#include <string_view>

namespace parallax::domain {

/// In the order in which the gateway finds out.
enum class Outcome : std::uint8_t {
  kAdmitted,
  kApiUnknown,    ///< the context is not deployed at this gateway
  kTokenInvalid,  ///< unknown, revoked or expired
  kSubscriptionBlocked,
  kSubscriptionMissing,
  kQuotaExceeded,  ///< of the subscription
  kUnavailable,    ///< no node behind the load balancer is ready
};

struct Answer {
  std::uint16_t http;
  std::uint32_t code;  ///< the gateway's own error code; 0 if it has none
};

/// Codes: carbon-apimgt's gateway handlers and key validation (GatewayUtils, APISecurityConstants, ThrottleHandler).
Answer answer_of(Outcome outcome);

std::string_view name_of(Outcome outcome);

}  // namespace parallax::domain
