// From a verb and a request target to the API and the resource that answer it.
//
// The rule, said plainly. An API answers below its context and version, and below its context alone if the version is
// the default one. Of all such prefixes of the path, in whole segments, the longest decides the API, for good: if that
// API has no resource for the rest of the path, no other API is asked. Of its templates that match the rest and declare
// the verb, the most specific answers: at the first segment in which two of them differ a literal comes before a
// parameter and a parameter before a wildcard, and of "/order" and "/order/*" the former is for "/order". If none
// declares the verb, but some match, the verb is wrong there; HEAD is not implied by GET.
//
// What is like the gateways this models: the resource is searched among the templates that declare the verb, and only
// if there is none among all of them, to tell 405 from 404 (carbon-apimgt CORSRequestHandler); context and version are
// compared in whole segments, default versions after all others (synapse ApiUtils.matchApiPath, AbstractApiHandler); a
// wildcard includes its own prefix, of two wildcards the longer wins, a slash at the end is ignored (URLMappingHelper,
// URLMappingBasedDispatcher). Where they take the first that matches, in the order of deployment (contexts, and
// templates with parameters: URITemplateBasedDispatcher), "the longest match wins" decides instead, so that the answer
// does not depend on an order; later releases repair the same way (api-manager issues 3307 and 4821). What a target may
// look like is stricter (request_path.h).
//
// Contexts stand in one trie, each API's templates in a tree of a second; both find a child by the segment's hash. A
// match reads the target once, walks down the contexts, then goes through the API's tree depth first in order of
// preference. It visits a node of the tree at most once, so never more than the API's templates have segments in all,
// and in each level at most the alternatives that the publisher wrote. It allocates nothing.
#pragma once

#include <boost/unordered/unordered_flat_map.hpp>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "models/domain/ids.h"
#include "models/logic/routing/api_routes.h"
#include "models/logic/routing/leaf.h"
#include "models/logic/routing/request_path.h"
#include "models/logic/routing/segment_trie.h"
#include "models/logic/routing/verb.h"

namespace parallax::logic::routing {

struct RoutePlan;
struct TemplateSegment;

enum class Found : std::uint8_t {
  kNothing,   ///< no API answers below any prefix of the path, or the target is refused
  kApi,       ///< an API, but none of its templates matches
  kPath,      ///< a template, but none for any of the verbs
  kResource,  //
};

struct Match {
  Found found{Found::kNothing};
  VerbSet allowed{};  ///< kResource: those of its template; kPath: of all templates that match; else empty
  domain::ApiId api{domain::kNoApi};
  domain::ResourceId resource{domain::kNoResource};
  friend bool operator==(const Match&, const Match&) = default;
};

/// A value: it may be copied, changed and put in place of the one that serves. Const calls may run at the same time.
/// Nothing throws but for want of memory, which leaves a table that can only be destroyed.
class RouteTable {
 public:
  /// Takes the place of the API's earlier revision, if there is one. If the check is not good, nothing has changed.
  /// Requires: routes.api != kNoApi.
  RouteCheck add(const ApiRoutes& routes);

  /// False: the API is not there.
  bool remove(domain::ApiId api);

  struct Counts {
    std::size_t apis{0};
    std::size_t context_nodes{0};   ///< the root too
    std::size_t template_nodes{0};  ///< one at least for each API
    std::size_t templates{0};       ///< that differ, verbs aside
    friend bool operator==(const Counts&, const Counts&) = default;
  };
  Counts counts() const;

  /// The answer to a request with the verb. Any bytes are a target; see request_path.h for which are refused.
  Match match(Verb verb, std::string_view target) const { return match(VerbSet{verb}, target); }

  /// The same for any of several verbs (a preflight asks for two). Where the template has more than one of them, the
  /// resource is that of the last in the order of Verb. With no verb the answer is never kResource.
  Match match(VerbSet wanted, std::string_view target) const;

  /// How many nodes match() visits for this. For tests, and to find what makes a configuration slow.
  std::size_t visits(VerbSet wanted, std::string_view target) const;

 private:
  struct Context {
    domain::ApiId api{domain::kNoApi};  ///< the API whose prefix ends here
    NodeId templates{kNoNode};          ///< root of its tree
  };

  /// What there is to give back when the API goes.
  struct Deployed {
    std::vector<NodeId> prefixes;  ///< in contexts_
    std::vector<NodeId> nodes;     ///< in templates_, parents first
    std::vector<LeafId> leaves;
  };

  bool is_taken(const RoutePlan& plan, domain::ApiId api) const;
  NodeId add_prefix(const std::vector<std::string>& prefix);
  void remove_prefix(NodeId node);
  void add_templates(const ApiRoutes& routes, const RoutePlan& plan, Deployed& deployed);
  NodeId add_segment(NodeId node, const TemplateSegment& part, Deployed& deployed);

  template <typename OnVisit>
  Match match(VerbSet wanted, std::string_view target, OnVisit&& on_visit) const;

  SegmentTrie<Context> contexts_;
  NodeId no_prefix_{contexts_.add_root()};
  SegmentTrie<TemplateNode> templates_;
  Pool<Leaf> leaves_;
  boost::unordered_flat_map<domain::ApiId, Deployed> deployed_;
};

}  // namespace parallax::logic::routing
