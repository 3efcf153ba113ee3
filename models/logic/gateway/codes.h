// Where products or their versions answer the same outcome differently.
#pragma once

#include "models/domain/outcome.h"

namespace parallax::logic::gateway {

struct CodeOptions {
  /// The code says 403 (carbon-apimgt GatewayUtils), the documentation 429 (Error Handling).
  std::uint16_t blocked_request_status{403};

  /// The documentation has 900901 cover expired tokens; 900903 exists and is what earlier versions answered.
  enum class Expired : std::uint8_t { kInvalid, kOwnCode } expired{Expired::kInvalid};

  /// The documentation says 5xx for a backend that cannot be connected to or does not answer in time.
  std::uint16_t backend_unreachable_status{503};
  std::uint16_t backend_timeout_status{504};
};

/// kTokenExpired becomes kTokenInvalid where the options have no code of its own for it.
domain::Outcome as_reported(domain::Outcome outcome, const CodeOptions& options);

domain::Answer answer_of(domain::Outcome outcome, const CodeOptions& options);

}  // namespace parallax::logic::gateway
