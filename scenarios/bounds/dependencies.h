// What a data center needs of others, and what there is only one of, as the deployment is configured: read off it, as
// the bounds are.
#pragma once

#include <string>
#include <vector>

#include "models/world/config.h"

namespace parallax::bounds {

/// What cannot be done, or not be kept in step, while somebody else is down.
enum class Path : std::uint8_t {
  kRequests,
  kTokens,
  kLimits,
  kPublishing,
  kWriting,
  kStartUp,
  kReplication,
  kFailover
};

/// "requests", "tokens", "limits", ...
std::string_view name_of(Path path);

struct Dependency {
  Path path{};
  std::string who;   ///< a site, or "clients of" one
  std::string whom;  ///< another site
  std::string why;   ///< a sentence without who and whom: "its gateways ask there about opaque tokens"
};

/// Of one data center on another, path by path, in the order of sites.
std::vector<Dependency> dependencies_of(const world::WorldConfig& config);

struct SinglePoint {
  std::string what;    ///< a site or a node
  std::string breaks;  ///< "nobody can get a token"
};

/// Sites and nodes that nobody stands in for.
std::vector<SinglePoint> single_points_of(const world::WorldConfig& config);

}  // namespace parallax::bounds
