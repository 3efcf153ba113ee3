#include "models/logic/routing/route.h"

#include <optional>

namespace parallax::logic::routing {

using domain::Outcome;

namespace {

VerbSet wanted_by(const RequestHead& request, std::optional<Verb> verb, const Cors& cors) {
  VerbSet wanted;
  if (verb) wanted.insert(*verb);
  if (verb != Verb::kOptions || !cors.is_enabled()) return wanted;
  if (const auto requested = parse_verb(request.requested_method)) wanted.insert(*requested);
  return wanted;
}

Outcome outcome_of(Found found, const Cors& cors) {
  if (found == Found::kResource) return Outcome::kAdmitted;
  if (found == Found::kNothing) return Outcome::kApiUnknown;
  if (!cors.is_enabled()) return Outcome::kResourceForbidden;
  return found == Found::kPath ? Outcome::kVerbUnknown : Outcome::kResourceUnknown;
}

}  // namespace

Routed route(const RouteTable& table, const Cors& cors, const RequestHead& request) {
  const auto verb = parse_verb(request.method);
  Routed routed;
  routed.match = table.match(wanted_by(request, verb, cors), request.target);
  routed.outcome = outcome_of(routed.match.found, cors);
  if (!cors.is_enabled() || routed.outcome != Outcome::kAdmitted) return routed;
  const bool is_asked = verb == Verb::kOptions;
  if (is_asked && routed.match.allowed.contains(Verb::kOptions)) return routed;  // the back end knows its own headers
  if (is_asked) routed.outcome = Outcome::kPreflight;
  routed.cors = cors.headers(request.origin, request.requested_headers, routed.match.allowed);
  return routed;
}

}  // namespace parallax::logic::routing
