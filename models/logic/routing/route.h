// The first step of a gateway's pipeline: which resource a request is for, whether it ends here, and what a browser is
// told with the answer (carbon-apimgt: synapse's choice of the API, then CORSRequestHandler).
//
// Without an API: 404. With the CORS handler, a path or a verb unknown to the API ends here (404, 405), and so does a
// preflight: an OPTIONS request whose template does not itself declare OPTIONS, but the method asked for
// (Access-Control-Request-Method), whatever the Origin. An OPTIONS request whose template declares OPTIONS goes to the
// back end. Of templates that match, the most specific with either of the two decides.
// Without the handler nobody has looked for the resource when authentication does, and OPTIONS is a verb as any other:
// 403 (code 900906) for both. That answer is authentication's, so whoever runs the pipeline gives it there, behind the
// API's lifecycle.
#pragma once

#include <string_view>

#include "models/domain/outcome.h"
#include "models/logic/routing/cors.h"
#include "models/logic/routing/route_table.h"

namespace parallax::logic::routing {

/// As they stand in the request. A header that is not there is empty.
struct RequestHead {
  std::string_view method{};
  std::string_view target{};
  std::string_view origin{};             ///< Origin
  std::string_view requested_method{};   ///< Access-Control-Request-Method
  std::string_view requested_headers{};  ///< Access-Control-Request-Headers
};

struct Routed {
  domain::Outcome outcome{domain::Outcome::kApiUnknown};  ///< kAdmitted: go on to the next step
  Match match{};
  CorsHeaders cors{};  ///< of the response, if the request goes on or was a preflight and CORS is enabled
  friend bool operator==(const Routed&, const Routed&) = default;
};

/// kAdmitted, kPreflight, kApiUnknown, kResourceUnknown, kVerbUnknown or kResourceForbidden. A method that is no Verb
/// is a verb that no template declares. Never throws, allocates nothing.
Routed route(const RouteTable& table, const Cors& cors, const RequestHead& request);
Routed route(const RouteTable& table, const Cors&& cors, const RequestHead& request) = delete;  // see CorsHeaders

}  // namespace parallax::logic::routing
