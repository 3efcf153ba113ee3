// What an API declares about its URLs, as it is deployed, and what can be wrong with it.
#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "models/domain/ids.h"
#include "models/logic/routing/verb.h"

namespace parallax::logic::routing {

/// A template is "/", or literal segments and parameters ("/order/{id}"), at its end perhaps a wildcard ("/order/*").
/// - A parameter is one whole segment, "{" name "}" with a name of ASCII letters, digits, "_", "-" and "."; it meets
///   any one segment. The name says nothing: "/order/{id}" and "/order/{number}" are the same template.
/// - A wildcard meets any number of segments, none too: "/order/*" is for "/order" as well (synapse URLMappingHelper).
///   A resource without a template (synapse DefaultDispatcher) is "/*".
/// - A literal has one reading (segment_text.h) and may be percent-encoded. One slash at the end changes nothing.
struct Resource {
  std::string uri_template;
  Verb verb;
  domain::ResourceId id;
};

enum class DefaultVersion : std::uint8_t {
  kNo,
  kYes,  ///< reachable without the version segment too
};

struct ApiRoutes {
  domain::ApiId api;
  /// "/pizza", or more segments: "/t/acme/pizza".
  std::string context;
  /// One segment behind the context. Empty: there is none, because the context says the version or nothing does.
  std::string version;
  DefaultVersion is_default{DefaultVersion::kNo};
  std::vector<Resource> resources;
};

enum class RouteFault : std::uint8_t {
  kNone,
  kContextEmpty,       ///< "" or "/"
  kContextMalformed,   ///< no slash in front, an empty segment, braces, a star, or a segment of two readings
  kVersionMalformed,   ///< more than a segment, braces, a star, or of two readings
  kContextTaken,       ///< another API answers to this context and version, or to this context without one
  kTemplateMalformed,  ///< as kContextMalformed, or braces that are no parameter, or a star that is no last segment
  kTooLong,            ///< with context and version more than kSegmentsMax segments or kPathBytesMax bytes
  kResourceDuplicate,  ///< a template and verb that an earlier resource has
};

struct RouteCheck {
  RouteFault fault{RouteFault::kNone};
  std::size_t resource{0};  ///< index of the first bad one, if the fault is of a resource

  constexpr bool is_good() const { return fault == RouteFault::kNone; }
  friend constexpr bool operator==(RouteCheck, RouteCheck) = default;
};

}  // namespace parallax::logic::routing
