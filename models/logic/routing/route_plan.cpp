#include "models/logic/routing/route_plan.h"

#include <cstddef>
#include <set>
#include <utility>

#include "models/logic/routing/request_path.h"

namespace parallax::logic::routing {

namespace {

struct Extent {
  std::size_t segments{0};
  std::size_t bytes{0};  ///< with a slash before each segment
  bool fits() const { return segments <= kSegmentsMax && bytes <= kPathBytesMax; }
  void add(const std::string& text) {
    ++segments;
    bytes += 1 + text.size();
  }
};

Extent extent_of(const Prefix& prefix) {
  Extent extent;
  for (const std::string& text : prefix) extent.add(text);
  return extent;
}

/// The same for two templates exactly if they match the same paths: no literal has a control character.
std::string shape_of(const UriTemplate& uri_template) {
  std::string shape;
  for (const TemplateSegment& segment : uri_template.segments) {
    shape += segment.kind == TemplateSegment::Kind::kParameter ? "/\x01" : "/" + segment.text;
  }
  return uri_template.has_wildcard ? shape + "/\x02" : shape;
}

RouteFault plan_prefixes(const ApiRoutes& routes, std::vector<Prefix>& prefixes) {
  if (routes.context.empty() || routes.context == "/") return RouteFault::kContextEmpty;
  auto context = parse_context(routes.context);
  if (!context || context->empty()) return RouteFault::kContextMalformed;
  if (routes.version.empty() || routes.is_default == DefaultVersion::kYes) prefixes.push_back(*context);
  if (!routes.version.empty()) {
    auto version = parse_version(routes.version);
    if (!version) return RouteFault::kVersionMalformed;
    context->push_back(*std::move(version));
    prefixes.push_back(*std::move(context));
  }
  return extent_of(prefixes.back()).fits() ? RouteFault::kNone : RouteFault::kTooLong;
}

}  // namespace

RouteCheck make_plan(const ApiRoutes& routes, RoutePlan& plan) {
  if (const RouteFault fault = plan_prefixes(routes, plan.prefixes); fault != RouteFault::kNone) return {fault};
  const Extent prefix = extent_of(plan.prefixes.back());
  std::set<std::pair<std::string, Verb>> seen;
  for (std::size_t i = 0; i < routes.resources.size(); ++i) {
    auto parsed = parse_template(routes.resources[i].uri_template);
    if (!parsed) return {RouteFault::kTemplateMalformed, i};
    Extent extent = prefix;
    for (const TemplateSegment& segment : parsed->segments) extent.add(segment.text);
    if (!extent.fits()) return {RouteFault::kTooLong, i};
    const bool is_new = seen.emplace(shape_of(*parsed), routes.resources[i].verb).second;
    if (!is_new) return {RouteFault::kResourceDuplicate, i};
    plan.templates.push_back(*std::move(parsed));
  }
  return {};
}

}  // namespace parallax::logic::routing
