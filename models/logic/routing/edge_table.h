// The edges of a trie in one flat hash table: (node, hash of a segment) leads to candidates for the child, whose text
// the caller compares. Open addressing with linear probing, at most half full, erasing by shifting back (Knuth, The
// Art of Computer Programming, volume 3, section 6.4, algorithm R): no tombstones, so that removing and adding APIs for
// months does not slow a look-up down. Twelve bytes an edge; a look-up mostly costs one cache line.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace parallax::logic::routing {

class EdgeTable {
 public:
  static constexpr std::uint32_t kNone = 0xffff'ffff;

  /// The child of `parent` under `hash` that `is_it(child)` accepts, or kNone.
  template <typename IsIt>
  std::uint32_t find(std::uint32_t parent, std::uint32_t hash, IsIt&& is_it) const {
    for (std::size_t at = home(parent, hash); edges_[at].child != kNone; at = after(at)) {
      const Edge& edge = edges_[at];
      if (edge.hash == hash && edge.parent == parent && is_it(edge.child)) return edge.child;
    }
    return kNone;
  }

  /// Requires: child != kNone, and no edge leads to it.
  void insert(std::uint32_t parent, std::uint32_t hash, std::uint32_t child);

  /// Requires: the edge is there.
  void erase(std::uint32_t parent, std::uint32_t hash, std::uint32_t child);

  std::size_t size() const { return size_; }

 private:
  struct Edge {
    std::uint32_t parent{0};
    std::uint32_t hash{0};
    std::uint32_t child{kNone};  ///< kNone: a free place
  };

  std::size_t home(std::uint32_t parent, std::uint32_t hash) const {
    return (hash ^ parent * 0x9e37'79b1U) >> shift_;  // Fibonacci hashing of the parent
  }
  std::size_t after(std::size_t at) const { return (at + 1) & (edges_.size() - 1); }
  void put(const Edge& edge);
  void grow();

  static constexpr std::uint32_t kBitsAtFirst = 4;
  std::vector<Edge> edges_ = std::vector<Edge>(std::size_t{1} << kBitsAtFirst);  ///< 2^(32 - shift_) places
  std::uint32_t shift_{32 - kBitsAtFirst};
  std::size_t size_{0};
};

}  // namespace parallax::logic::routing
