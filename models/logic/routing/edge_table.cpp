#include "models/logic/routing/edge_table.h"

#include <utility>

namespace parallax::logic::routing {

void EdgeTable::insert(std::uint32_t parent, std::uint32_t hash, std::uint32_t child) {
  if ((size_ + 1) * 2 > edges_.size()) grow();
  put({parent, hash, child});
  ++size_;
}

void EdgeTable::erase(std::uint32_t parent, std::uint32_t hash, std::uint32_t child) {
  std::size_t hole = home(parent, hash);
  while (edges_[hole].child != child) hole = after(hole);
  // An edge may move back into the hole if the hole lies on its way from its home to where it stands.
  for (std::size_t at = after(hole); edges_[at].child != kNone; at = after(at)) {
    const std::size_t mask = edges_.size() - 1;
    const std::size_t way = (at - home(edges_[at].parent, edges_[at].hash)) & mask;
    if (way < ((at - hole) & mask)) continue;
    edges_[hole] = edges_[at];
    hole = at;
  }
  edges_[hole] = {};
  --size_;
}

void EdgeTable::put(const Edge& edge) {
  std::size_t at = home(edge.parent, edge.hash);
  while (edges_[at].child != kNone) at = after(at);
  edges_[at] = edge;
}

void EdgeTable::grow() {
  std::vector<Edge> old = std::exchange(edges_, std::vector<Edge>(edges_.size() * 2));
  --shift_;
  for (const Edge& edge : old) {
    if (edge.child != kNone) put(edge);
  }
}

}  // namespace parallax::logic::routing
