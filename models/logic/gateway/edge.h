// What a request's bytes mean to a gateway: which resource they are for and what credential they bring. Opaque tokens
// become digests at once; a JWT is left to be verified, which is worth its cost only for calls that come so far.
#pragma once

#include <string_view>

#include "models/logic/caches/digest.h"
#include "models/logic/gateway/call.h"
#include "models/logic/jwt/verification_cache.h"
#include "models/logic/routing/route.h"

namespace parallax::logic::gateway {

/// As it stands on the wire; a header that is not there is empty.
struct Request {
  routing::RequestHead head;
  std::string_view authorization{};
  Scheme scheme{Scheme::kHttps};
  Circumstances circumstances{};
};

struct Reading {
  Call call;
  routing::CorsHeaders cors;  ///< of the response
  std::string_view jwt{};     ///< to be verified into call.credential when the pipeline asks for it
};

/// Never throws, allocates nothing. The views in the result are into the request and into `cors`.
Reading read(const Request& request, const routing::RouteTable& routes, const routing::Cors& cors,
             const caches::DigestSecret& secret);

/// What a verified JWT proves; one that was found bad is a refused credential. For a key that is being fetched a host
/// may wait; this refuses the call as one that cannot be validated.
Credential credential_of(const jwt::VerificationCache::Decision& verified);

}  // namespace parallax::logic::gateway
