// A trie over path segments. Nodes sit in one array, edges in one hash table. A node has the text that leads to it, two
// nodes stand in a cache line, and a node knows its child if it has but one: so a step costs a line for the node, which
// is read next anyway, and only where there is a choice one of the table. What only building needs is kept apart.
#pragma once

#include <cstdint>
#include <string>

#include "models/logic/routing/edge_table.h"
#include "models/logic/routing/pool.h"
#include "models/logic/routing/segment.h"

namespace parallax::logic::routing {

using NodeId = std::uint32_t;
inline constexpr NodeId kNoNode = EdgeTable::kNone;

template <typename Value>
class SegmentTrie {
 public:
  Value& operator[](NodeId id) { return nodes_[id].value; }
  const Value& operator[](NodeId id) const { return nodes_[id].value; }

  bool has_edges(NodeId id) const { return nodes_[id].only_child != kNoNode; }
  /// Where the edge comes from that leads here.
  NodeId parent(NodeId id) const { return origins_[id].parent; }

  /// kNoNode if there is none.
  NodeId child(NodeId parent, const Segment& segment) const {
    const NodeId only = nodes_[parent].only_child;
    if (only == kNoNode) return kNoNode;
    if (only != kSeveral) return is_it(only, segment) ? only : kNoNode;
    return edges_.find(parent, segment.hash, [&](NodeId id) { return is_it(id, segment); });
  }

  /// A node to which no edge leads.
  NodeId add_root() {
    origins_.add({});
    return nodes_.add({});
  }

  /// Requires: the parent has no such child.
  NodeId add_child(NodeId parent, const Segment& segment) {
    const NodeId id = nodes_.add({segment.first, segment.second});
    origins_.add({std::string{segment.text()}, segment.hash, parent});
    edges_.insert(parent, segment.hash, id);
    nodes_[parent].only_child = ++origins_[parent].edges == 1 ? id : kSeveral;
    return id;
  }

  /// Requires: it has no children, or they are discarded already.
  void discard(NodeId id) {
    const Origin& origin = origins_[id];
    if (origin.parent != kNoNode) {
      edges_.erase(origin.parent, origin.hash, id);
      nodes_[origin.parent].only_child = --origins_[origin.parent].edges == 0 ? kNoNode : kSeveral;
    }
    nodes_.discard(id);
    origins_.discard(id);
  }

  std::size_t size() const { return nodes_.size(); }

 private:
  static constexpr NodeId kSeveral = kNoNode - 1;

  struct alignas(32) Node {
    std::uint64_t first{0};  ///< as in Segment
    std::uint64_t second{0};
    NodeId only_child{kNoNode};  ///< by an edge; kSeveral: ask the table
    Value value{};
  };

  struct Origin {
    std::string text;
    std::uint32_t hash{0};
    NodeId parent{kNoNode};
    std::uint32_t edges{0};  ///< that leave from here
  };

  bool is_it(NodeId id, const Segment& segment) const {
    const Node& node = nodes_[id];
    if (node.first != segment.first || node.second != segment.second) return false;
    return segment.size <= Segment::kHeadBytes || origins_[id].text == segment.text();
  }

  Pool<Node> nodes_;
  Pool<Origin> origins_;  ///< under the same ids
  EdgeTable edges_;
};

}  // namespace parallax::logic::routing
