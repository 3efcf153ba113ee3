// Which of two entries of one key stays when two halves of a cluster come together again: Hazelcast 3.x, package
// com.hazelcast.map.merge. None of them knows that an entry which is missing in one half was invalidated there: where
// there is no existing entry the merging one stays, and so a forgotten answer comes back.
#pragma once

#include <cstdint>
#include <optional>

#include "models/propagation/caches/key.h"

namespace parallax::propagation::caches {

enum class MergePolicy : std::uint8_t {
  kPutIfAbsent,   ///< the existing one; the default (MapConfig.DEFAULT_MAP_MERGE_POLICY)
  kPassThrough,   ///< the merging one
  kLatestUpdate,  ///< the merging one if it was written last, or at the same time
  kHigherHits,    ///< the merging one if it was asked for more, or as much
};

inline bool takes_merging(MergePolicy policy, const Copy& merging, const std::optional<Copy>& existing) {
  if (!existing) return true;
  switch (policy) {
    case MergePolicy::kPutIfAbsent:
      return false;
    case MergePolicy::kPassThrough:
      return true;
    case MergePolicy::kLatestUpdate:
      return merging.written >= existing->written;
    case MergePolicy::kHigherHits:
      return merging.hits >= existing->hits;
  }
  return false;
}

}  // namespace parallax::propagation::caches
