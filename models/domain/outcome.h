// What a gateway answers.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace parallax::domain {

/// In the order in which a gateway finds out (carbon-apimgt TemplateBuilderUtil, ThrottleHandler), so that of two
/// reasons to refuse the lesser is the answer.
enum class Outcome : std::uint8_t {
  kAdmitted,
  kPreflight,              ///< a browser's question, answered by the gateway itself
  kApiUnknown,             ///< the context is not deployed at this gateway
  kResourceUnknown,        ///< no template of the API matches the path
  kVerbUnknown,            ///< a template does, but not for this verb
  kResourceForbidden,      ///< either of them where no CORS handler runs: authentication finds out
  kApiBlocked,             ///< by its lifecycle
  kCredentialsMissing,     //
  kTokenInvalid,           ///< unknown, forged, revoked or inactive; expired too, where the profile says so
  kTokenExpired,           //
  kValidationUnavailable,  ///< who would know could not be asked
  kSubscriptionBlocked,    //
  kSubscriptionInactive,   ///< on hold or rejected
  kSubscriptionMissing,    ///< or its API, its application, or the key's mapping to it
  kScopeMissing,           //
  kRequestBlocked,         ///< by a blocking condition
  kApiQuotaExceeded,
  kResourceQuotaExceeded,
  kQuotaExceeded,  ///< of the subscription
  kSubscriptionBurst,
  kApplicationQuotaExceeded,
  kApplicationBurst,
  kCustomQuotaExceeded,
  kHardLimitExceeded,   ///< what the backend is declared to bear
  kBackendUnreachable,  //
  kBackendTimeout,      //
  kUnavailable,         ///< no node behind the load balancer is ready
};

inline constexpr auto kOutcomes = [] {
  std::array<Outcome, static_cast<std::size_t>(Outcome::kUnavailable) + 1> all{};
  for (std::size_t i = 0; i < all.size(); ++i) all[i] = static_cast<Outcome>(i);
  return all;
}();

struct Answer {
  std::uint16_t http;
  std::uint32_t code;  ///< the gateway's own error code; 0 if it has none
  friend constexpr bool operator==(Answer, Answer) = default;
};

/// Sources: carbon-apimgt APISecurityConstants, GatewayUtils, APIStatusHandler, CORSRequestHandler, ThrottleHandler
/// and AbstractKeyValidationHandler; product documentation, Error Handling, for the backend's.
Answer answer_of(Outcome outcome);

/// In results and reports: "token_invalid".
std::string_view name_of(Outcome outcome);

}  // namespace parallax::domain
