#include "models/logic/routing/route_table.h"

#include "models/logic/routing/route_plan.h"
#include "models/logic/routing/template_walk.h"

namespace parallax::logic::routing {

using domain::ApiId;

RouteCheck RouteTable::add(const ApiRoutes& routes) {
  RoutePlan plan;
  if (const RouteCheck check = make_plan(routes, plan); !check.is_good()) return check;
  if (is_taken(plan, routes.api)) return {RouteFault::kContextTaken};
  remove(routes.api);
  Deployed& deployed = deployed_[routes.api];
  add_templates(routes, plan, deployed);
  for (const Prefix& prefix : plan.prefixes) {
    const NodeId node = add_prefix(prefix);
    contexts_[node] = {routes.api, deployed.nodes.front()};
    deployed.prefixes.push_back(node);
  }
  return {};
}

bool RouteTable::remove(ApiId api) {
  const auto found = deployed_.find(api);
  if (found == deployed_.end()) return false;
  const Deployed& deployed = found->second;
  for (const NodeId node : deployed.prefixes) remove_prefix(node);
  for (auto node = deployed.nodes.rbegin(); node != deployed.nodes.rend(); ++node) templates_.discard(*node);
  for (const LeafId leaf : deployed.leaves) leaves_.discard(leaf);
  deployed_.erase(found);
  return true;
}

bool RouteTable::is_taken(const RoutePlan& plan, ApiId api) const {
  for (const Prefix& prefix : plan.prefixes) {
    NodeId node = no_prefix_;
    for (const std::string& text : prefix) {
      if (node != kNoNode) node = contexts_.child(node, Segment::of(text));
    }
    if (node == kNoNode) continue;
    const ApiId owner = contexts_[node].api;
    if (owner != domain::kNoApi && owner != api) return true;
  }
  return false;
}

NodeId RouteTable::add_prefix(const Prefix& prefix) {
  NodeId node = no_prefix_;
  for (const std::string& text : prefix) {
    const Segment segment = Segment::of(text);
    const NodeId child = contexts_.child(node, segment);
    node = child != kNoNode ? child : contexts_.add_child(node, segment);
  }
  return node;
}

void RouteTable::remove_prefix(NodeId node) {
  contexts_[node] = {};
  while (node != no_prefix_ && !contexts_.has_edges(node) && contexts_[node].api == domain::kNoApi) {
    const NodeId parent = contexts_.parent(node);
    contexts_.discard(node);
    node = parent;
  }
}

void RouteTable::add_templates(const ApiRoutes& routes, const RoutePlan& plan, Deployed& deployed) {
  deployed.nodes.push_back(templates_.add_root());
  for (std::size_t i = 0; i < routes.resources.size(); ++i) {
    NodeId node = deployed.nodes.front();
    for (const TemplateSegment& part : plan.templates[i].segments) node = add_segment(node, part, deployed);
    TemplateNode& last = templates_[node];
    LeafId& leaf = plan.templates[i].has_wildcard ? last.wildcard : last.exact;
    if (leaf == kNoLeaf) leaf = deployed.leaves.emplace_back(leaves_.add({}));
    leaves_[leaf].declare(routes.resources[i].verb, routes.resources[i].id);
  }
}

NodeId RouteTable::add_segment(NodeId node, const TemplateSegment& part, Deployed& deployed) {
  const bool is_parameter = part.kind == TemplateSegment::Kind::kParameter;
  const Segment segment = Segment::of(part.text);
  const NodeId known = is_parameter ? templates_[node].parameter : templates_.child(node, segment);
  if (known != kNoNode) return known;
  const NodeId fresh = is_parameter ? templates_.add_root() : templates_.add_child(node, segment);
  if (is_parameter) templates_[node].parameter = fresh;
  deployed.nodes.push_back(fresh);
  return fresh;
}

template <typename OnVisit>
Match RouteTable::match(VerbSet wanted, std::string_view target, OnVisit&& on_visit) const {
  RequestPath path;
  if (!path.read(target)) return {};
  const auto segments = path.segments();
  Context context;
  std::size_t depth = 0;
  NodeId node = no_prefix_;
  for (std::size_t i = 0; i < segments.size() && contexts_.has_edges(node); ++i) {
    on_visit();
    node = contexts_.child(node, segments[i]);
    if (node == kNoNode) break;
    if (contexts_[node].api == domain::kNoApi) continue;
    context = contexts_[node];
    depth = i + 1;
  }
  if (context.api == domain::kNoApi) return {};
  TemplateWalk walk{templates_, leaves_, path, on_visit};
  if (const Leaf* leaf = walk.find(context.templates, depth, wanted)) {
    return {Found::kResource, leaf->verbs, context.api, leaf->resource_of(wanted)};
  }
  const VerbSet allowed = walk.verbs(context.templates, depth);
  return {allowed.empty() ? Found::kApi : Found::kPath, allowed, context.api};
}

Match RouteTable::match(VerbSet wanted, std::string_view target) const {
  return match(wanted, target, [] {});
}

RouteTable::Counts RouteTable::counts() const {
  return {deployed_.size(), contexts_.size(), templates_.size(), leaves_.size()};
}

std::size_t RouteTable::visits(VerbSet wanted, std::string_view target) const {
  std::size_t count = 0;
  match(wanted, target, [&] { ++count; });
  return count;
}

}  // namespace parallax::logic::routing
