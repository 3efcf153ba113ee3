// An API's routes, parsed and checked as far as that goes without looking at other APIs.
#pragma once

#include <string>
#include <vector>

#include "models/logic/routing/api_routes.h"
#include "models/logic/routing/uri_template.h"

namespace parallax::logic::routing {

using Prefix = std::vector<std::string>;

struct RoutePlan {
  std::vector<Prefix> prefixes;        ///< below which the API answers; one or two
  std::vector<UriTemplate> templates;  ///< one for each resource
};

/// Fills an empty plan; where the check is not good, in part.
RouteCheck make_plan(const ApiRoutes& routes, RoutePlan& plan);

}  // namespace parallax::logic::routing
