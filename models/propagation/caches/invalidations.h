// What a node has been told to forget, as long as it may matter: the version that an invalidation spoke of. An entry
// filled later with an older version is a stale re-cache: its source, a replica that lags behind, was asked after the
// news had come and gave the old answer. Told apart so from an entry that is merely old: no message will come for it
// any more, and it stays for its whole time to live, so the window is the lag and that time together.
#pragma once

#include <cstdint>

#include "models/domain/stage.h"
#include "models/logic/caches/expiring_cache.h"
#include "models/propagation/caches/key.h"

namespace parallax::propagation::caches {

enum class Filled : std::uint8_t {
  kInGoodFaith,
  kStale,  ///< with a version older than one that this node had been told to forget
};

/// What holds an entry until its time.
constexpr domain::Stage stage_of(Filled filled) {
  return filled == Filled::kStale ? domain::Stage::kStaleRecache : domain::Stage::kTokenCacheTtl;
}

class Invalidations {
 public:
  /// Remembers so many, each for so long.
  Invalidations(std::size_t capacity, sim::Duration memory) : told_{capacity, memory} {}

  /// Everything below `version` is to be forgotten.
  void told(domain::ObjectRef object, domain::Version version, sim::VirtualTime now) {
    forget_old(now);
    const Told::Key key{object.packed, 0};
    const News* known = told_.find(key);
    if (known != nullptr && known->version >= version) return;
    told_.put(key, {version, now}, now, [](const Told::Entry&) {});
  }

  Filled judge(domain::ObjectRef object, domain::Version loaded, sim::VirtualTime now) {
    forget_old(now);
    const News* known = told_.find({object.packed, 0});
    return known != nullptr && loaded < known->version ? Filled::kStale : Filled::kInGoodFaith;
  }

  /// Whether what it knows of `object` it knew then.
  bool had_told(domain::ObjectRef object, sim::VirtualTime then) {
    const News* known = told_.find({object.packed, 0});
    return known != nullptr && known->since <= then;
  }

  void clear() {
    told_.clear([](const Told::Entry&) {});
  }

 private:
  struct News {
    domain::Version version;
    sim::VirtualTime since;
  };
  using Told = logic::caches::ExpiringCache<std::uint32_t, News>;
  void forget_old(sim::VirtualTime now) {
    told_.sweep(now, [](const Told::Entry&) {});
  }

  Told told_;
};

}  // namespace parallax::propagation::caches
