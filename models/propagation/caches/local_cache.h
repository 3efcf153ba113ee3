// The first level of a node's cache: its own memory (carbon-kernel CacheImpl), in virtual time. Entries go with the
// sweeper's next turn after their time; nodes start at different moments, so their sweepers are not in step. What is
// put and dropped is told to the journal.
//
// Stages: token_cache_ttl [0, ttl], cache_sweep [0, sweep interval].
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "models/domain/ids.h"
#include "models/domain/journal.h"
#include "models/logic/caches/expiring_cache.h"
#include "models/propagation/caches/invalidations.h"
#include "models/propagation/caches/key.h"
#include "sim/site.h"

namespace parallax::propagation::caches {

/// From when on an entry ages. carbon-kernel drops what was not written for the time to live or not read for the same
/// time, so that the write decides. With the last access alone an entry that is read all the time stays for ever.
enum class Ageing : std::uint8_t { kSinceWrite, kSinceAccess };

struct LocalCacheSpec {
  std::size_t capacity{10'000};                    ///< carbon-kernel CachingConstants
  sim::Duration ttl{sim::minutes(15)};             ///< carbon-kernel: default cache timeout
  sim::Duration sweep_interval{sim::seconds(30)};  ///< 0: entries go the instant they are due
  Ageing ageing{Ageing::kSinceWrite};
};

/// Where a copy comes from: since the record `cause` its time went to `before`, since `since` to `by`.
struct Origin {
  sim::RecordId cause;
  domain::Stage before;
  domain::Stage by;
  sim::VirtualTime since;

  /// Read from the database then.
  static Origin source(sim::VirtualTime read) { return {{}, domain::Stage::kNone, domain::Stage::kDatabaseRead, read}; }
};

class LocalCache {
 public:
  LocalCache(sim::Site& site, const std::string& path, domain::LayerId layer, const LocalCacheSpec& spec);
  LocalCache(const LocalCache&) = delete;
  LocalCache& operator=(const LocalCache&) = delete;

  /// What has gone for its age, for which it was due then.
  struct Expired {
    Key key;
    Copy copy;
    domain::Passage passage;  ///< of the time since it was put
  };
  /// Before the run.
  void on_expired(std::function<void(const Expired&)> listener) { expired_ = std::move(listener); }

  /// A second object that a copy speaks of: the journal is told of it too. Before the run.
  using Embeds = std::function<domain::Companion(const Key&, const Copy&)>;
  void embed(Embeds embeds) { embeds_ = std::move(embeds); }

  /// Before the run.
  void start();

  sim::Site& site() const { return site_; }
  std::size_t size() const { return entries_.size(); }
  bool holds(domain::ObjectRef object) const { return entries_.holds(object.packed); }

  /// How many entries were filled with what this node had been told to forget.
  std::uint64_t stale_recaches() const { return stale_recaches_; }

  /// Null if there is none. Its age is not tested. Valid until the next call.
  const Copy* find(const Key& key);

  /// As of `written`, which may be earlier than now: a copy as old as the one it was made of. Returns the record.
  sim::RecordId put(const Key& key, const Copy& copy, sim::VirtualTime written, const Origin& origin);

  /// As an invalidation says, of kAllVariants too. `passage`: of the time since `cause`. Returns whether there was such
  /// an entry.
  bool drop(const Key& key, sim::RecordId cause, const domain::Passage& passage);
  bool drop_object(domain::ObjectRef object, sim::RecordId cause, const domain::Passage& passage);

  /// It has heard that what is older than this version is not to be used.
  void told(domain::ObjectRef object, domain::Version version) { invalidations_.told(object, version, site_.now()); }

  /// Its host has lost its memory.
  void lose_memory(sim::RecordId cause);

 private:
  struct Held {
    Copy copy;
    sim::RecordId record;
    Filled filled;
  };
  using Entries = logic::caches::ExpiringCache<std::uint32_t, Held>;
  using Entry = Entries::Entry;

  static Entries::Key packed(const Key& key) { return {key.object.packed, key.variant}; }
  static Key unpacked(const Entries::Key& key) { return {domain::ObjectRef{key.object}, key.variant}; }
  void sweep();
  void sweep_when_due();
  domain::Passage passage_of(const Key& key, const Copy& copy, Filled filled, const Origin& origin);
  void tell_drop(const Entry& entry, sim::RecordId cause, const domain::Passage& passage);
  void evict(const Entry& entry);

  sim::Site& site_;
  domain::LayerId layer_;
  LocalCacheSpec spec_;
  Entries entries_;
  Invalidations invalidations_;
  sim::Duration sweep_phase_;
  sim::VirtualTime next_sweep_{sim::kNever};  ///< where the sweeper has no period
  std::uint64_t stale_recaches_{0};
  std::function<void(const Expired&)> expired_;
  Embeds embeds_;
};

}  // namespace parallax::propagation::caches
