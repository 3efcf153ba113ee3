// Routing as plainly as the rule can be said: strings, lists, and every template tried. Slow, and an oracle.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "models/logic/routing/route_table.h"

namespace parallax::logic::routing {

/// The decoded segments of a target; nothing if it is refused.
std::optional<std::vector<std::string>> plain_path(const std::string& target);

class PlainRoutes {
 public:
  /// What RouteTable::add must say, for APIs whose texts are well-formed.
  RouteFault add(const ApiRoutes& routes);
  void remove(domain::ApiId api);
  Match match(VerbSet wanted, const std::string& target) const;

 private:
  std::vector<ApiRoutes> apis_;
};

}  // namespace parallax::logic::routing
