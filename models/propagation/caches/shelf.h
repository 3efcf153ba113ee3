// What one member keeps of the shared map: the entries of the partitions that it owns and of those that it is the
// backup of. In order of keys, because they are sent away in order.
#pragma once

#include <map>
#include <optional>

#include "models/propagation/caches/key.h"

namespace parallax::propagation::caches {

class Shelf {
 public:
  using Entries = std::map<Key, Copy>;

  /// `ttl`: 0: for ever.
  explicit Shelf(sim::Duration ttl) : ttl_{ttl} {}

  /// Counted as a hit. An entry past its time is gone, as Hazelcast's record store tests it at each look-up.
  std::optional<Copy> get(const Key& key, sim::VirtualTime now) {
    const auto found = entries_.find(key);
    if (found == entries_.end()) return std::nullopt;
    if (is_over(found->second, now)) {
      entries_.erase(found);
      return std::nullopt;
    }
    ++found->second.hits;
    return found->second;
  }

  std::optional<Copy> peek(const Key& key, sim::VirtualTime now) const {
    const auto found = entries_.find(key);
    if (found == entries_.end() || is_over(found->second, now)) return std::nullopt;
    return found->second;
  }

  void put(const Key& key, const Copy& copy) { entries_.insert_or_assign(key, copy); }
  bool erase(const Key& key) {
    if (key.variant != kAllVariants) return entries_.erase(key) > 0;
    const auto last = entries_.upper_bound({key.object, ~std::uint32_t{0}});
    const auto first = entries_.lower_bound({key.object, 0});
    if (first == last) return false;
    entries_.erase(first, last);
    return true;
  }
  void clear() { entries_.clear(); }

  template <typename Predicate>
  void erase_if(Predicate&& predicate) {
    std::erase_if(entries_, [&](const Entries::value_type& entry) { return predicate(entry.first); });
  }

  const Entries& entries() const { return entries_; }

 private:
  bool is_over(const Copy& copy, sim::VirtualTime now) const { return ttl_.ns > 0 && copy.written + ttl_ <= now; }

  sim::Duration ttl_;
  Entries entries_;
};

}  // namespace parallax::propagation::caches
