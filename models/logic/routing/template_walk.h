// The way through one API's tree of templates, in order of preference.
#pragma once

#include <span>

#include "models/logic/routing/leaf.h"
#include "models/logic/routing/pool.h"
#include "models/logic/routing/request_path.h"
#include "models/logic/routing/segment_trie.h"
#include "models/logic/routing/verb.h"

namespace parallax::logic::routing {

/// `on_visit()` is called for each node. Depth of the recursion: at most kSegmentsMax.
template <typename OnVisit>
class TemplateWalk {
 public:
  TemplateWalk(const SegmentTrie<TemplateNode>& trie, const Pool<Leaf>& leaves, const RequestPath& path,
               OnVisit& on_visit)
      : trie_{trie}, leaves_{leaves}, path_{path.segments()}, is_deeper_{path.is_deeper()}, on_visit_{on_visit} {}

  /// The first leaf with one of the verbs, for the path from segment `depth` on below `node`; null if there is none.
  const Leaf* find(NodeId node, std::size_t depth, VerbSet wanted) {
    for (;; ++depth) {
      on_visit_();
      const TemplateNode& here = trie_[node];
      if (depth == path_.size()) return find_end(here, wanted);
      const NodeId child = trie_.child(node, path_[depth]);
      // The last way that is left is gone without coming back.
      if (child != kNoNode && here.parameter == kNoNode && here.wildcard == kNoLeaf) {
        node = child;
        continue;
      }
      if (child != kNoNode) {
        if (const Leaf* leaf = find(child, depth + 1, wanted)) return leaf;
      }
      if (here.parameter == kNoNode) return accept(here.wildcard, wanted);
      if (here.wildcard != kNoLeaf) {
        const Leaf* leaf = find(here.parameter, depth + 1, wanted);
        return leaf != nullptr ? leaf : accept(here.wildcard, wanted);
      }
      node = here.parameter;
    }
  }

  /// The verbs of all leaves for the path.
  VerbSet verbs(NodeId node, std::size_t depth) {
    on_visit_();
    const TemplateNode& here = trie_[node];
    VerbSet all = verbs_of(here.wildcard);
    if (depth == path_.size()) return is_deeper_ ? all : all | verbs_of(here.exact);
    const NodeId child = trie_.child(node, path_[depth]);
    if (child != kNoNode) all = all | verbs(child, depth + 1);
    if (here.parameter != kNoNode) all = all | verbs(here.parameter, depth + 1);
    return all;
  }

 private:
  const Leaf* find_end(const TemplateNode& here, VerbSet wanted) const {
    const Leaf* exact = is_deeper_ ? nullptr : accept(here.exact, wanted);
    return exact != nullptr ? exact : accept(here.wildcard, wanted);
  }
  const Leaf* accept(LeafId id, VerbSet wanted) const {
    if (id == kNoLeaf) return nullptr;
    const Leaf& leaf = leaves_[id];
    return leaf.verbs.intersects(wanted) ? &leaf : nullptr;
  }
  VerbSet verbs_of(LeafId id) const { return id == kNoLeaf ? VerbSet{} : leaves_[id].verbs; }

  const SegmentTrie<TemplateNode>& trie_;
  const Pool<Leaf>& leaves_;
  std::span<const Segment> path_;
  bool is_deeper_;
  OnVisit& on_visit_;
};

}  // namespace parallax::logic::routing
