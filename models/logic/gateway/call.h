// A call as a gateway sees it once its bytes have been read: ids, what it proves its rights with, and what limits may
// go by.
#pragma once

#include "models/domain/ids.h"
#include "models/domain/outcome.h"
#include "models/logic/gateway/credential.h"
#include "models/logic/throttling/subject.h"

namespace parallax::logic::gateway {

/// What limits may go by beside who calls what.
struct Circumstances {
  throttling::ClientAddress client{};
  throttling::ConditionMask matching_groups{0};  ///< of the API's or resource's policy; the host evaluates conditions
  std::uint64_t message_bytes{0};
};

enum class Scheme : std::uint8_t { kHttps, kHttp };

struct Call {
  /// kAdmitted where a resource was found; else what routing or the CORS handler makes of it.
  domain::Outcome routed{domain::Outcome::kApiUnknown};
  domain::ApiId api{domain::kNoApi};
  domain::ResourceId resource{domain::kNoResource};
  Scheme scheme{Scheme::kHttps};
  Credential credential;
  Circumstances circumstances;
};

/// One token has an entry for each resource and scheme that it was used on (carbon-apimgt: token, context, version,
/// resource, verb and scheme make a cache key).
inline std::uint32_t cache_variant(const Call& call) {
  return static_cast<std::uint32_t>(call.resource) | static_cast<std::uint32_t>(call.scheme) << 31;
}

}  // namespace parallax::logic::gateway
