#include "models/propagation/caches/local_cache.h"

#include <algorithm>

#include "sim/distribution.h"

namespace parallax::propagation::caches {

using domain::Passage;
using domain::Stage;

// An entry that could be re-cached stale outlives the message by its time to live at most.
LocalCache::LocalCache(sim::Site& site, const std::string& path, domain::LayerId layer, const LocalCacheSpec& spec)
    : site_{site},
      layer_{layer},
      spec_{spec},
      entries_{spec.capacity, spec.ttl},
      invalidations_{spec.capacity, spec.ttl} {
  sim::Stream phases = site.stream(path, "sweep phase");
  sweep_phase_ = sim::Distribution::uniform({}, spec.sweep_interval).sample(phases);
}

void LocalCache::start() {
  if (spec_.sweep_interval.ns > 0) site_.after(sweep_phase_, [this] { sweep(); });
}

const Copy* LocalCache::find(const Key& key) {
  const Held* held = entries_.find(packed(key));
  if (held == nullptr) return nullptr;
  if (spec_.ageing == Ageing::kSinceAccess) {
    entries_.put(packed(key), Held{*held}, site_.now(), [this](const Entry& entry) { evict(entry); });
    held = entries_.find(packed(key));
  }
  return &held->copy;
}

// What stood in its place stood there until the copy was asked for.
sim::RecordId LocalCache::put(const Key& key, const Copy& copy, sim::VirtualTime written, const Origin& origin) {
  const Held* replaced = entries_.find(packed(key));
  const Filled filled = invalidations_.judge(key.object, copy.version, site_.now());
  stale_recaches_ += filled == Filled::kStale ? 1 : 0;
  Passage passage = passage_of(key, copy, filled, origin);
  if (replaced != nullptr) passage.first = stage_of(replaced->filled);
  domain::EntryPut entry{layer_, key.object, key.variant, copy.version, passage};
  if (embeds_) entry.companion = embeds_(key, copy);
  const sim::RecordId record = site_.record(entry.pack(), replaced != nullptr ? replaced->record : origin.cause);
  Held held{copy, record, filled};
  held.copy.put = record;
  entries_.put(packed(key), held, written, [this](const Entry& old) { evict(old); });
  if (spec_.sweep_interval.ns == 0) sweep_when_due();
  return record;
}

// A copy that was made elsewhere after the news had come here has stood there as a stale one.
Passage LocalCache::passage_of(const Key& key, const Copy& copy, Filled filled, const Origin& origin) {
  const bool is_stale_there = filled == Filled::kStale && origin.before == Stage::kTokenCacheTtl &&
                              invalidations_.had_told(key.object, copy.written);
  return {is_stale_there ? Stage::kStaleRecache : origin.before, origin.by, origin.since};
}

bool LocalCache::drop(const Key& key, sim::RecordId cause, const Passage& passage) {
  if (key.variant == kAllVariants) return drop_object(key.object, cause, passage);
  bool was_there = false;
  entries_.erase(packed(key), [&](const Entry& entry) {
    tell_drop(entry, cause, passage);
    was_there = true;
  });
  return was_there;
}

bool LocalCache::drop_object(domain::ObjectRef object, sim::RecordId cause, const Passage& passage) {
  bool was_there = false;
  entries_.erase_object(object.packed, [&](const Entry& entry) {
    tell_drop(entry, cause, passage);
    was_there = true;
  });
  return was_there;
}

void LocalCache::lose_memory(sim::RecordId cause) {
  entries_.clear([&](const Entry& entry) { tell_drop(entry, cause, {Stage::kNone, Stage::kSiteDown, site_.now()}); });
  invalidations_.clear();
}

void LocalCache::sweep() {
  std::vector<Expired> gone;
  entries_.sweep(site_.now(), [&](const Entry& entry) {
    const Passage passage{stage_of(entry.value.filled), Stage::kCacheSweep, entries_.due(entry)};
    tell_drop(entry, entry.value.record, passage);
    if (expired_) gone.push_back({unpacked(entry.key), entry.value.copy, passage});
  });
  for (const Expired& entry : gone) expired_(entry);
  if (spec_.sweep_interval.ns > 0) site_.after(spec_.sweep_interval, [this] { sweep(); });
}

// Without a sweeper's period the next sweep is the instant at which the next entry is due. A copy may come that is due
// before those that are here.
void LocalCache::sweep_when_due() {
  const auto next = entries_.next_due();
  if (!next || *next >= next_sweep_) return;
  next_sweep_ = *next;
  site_.at(std::max(*next, site_.now()), [this, when = *next] {
    if (when != next_sweep_) return;
    next_sweep_ = sim::kNever;
    sweep();
    sweep_when_due();
  });
}

void LocalCache::tell_drop(const Entry& entry, sim::RecordId cause, const Passage& passage) {
  const Key key = unpacked(entry.key);
  domain::EntryDropped dropped{layer_, key.object, key.variant, passage};
  if (embeds_) dropped.companion = embeds_(key, entry.value.copy).object;
  site_.record(dropped.pack(), cause);
}

void LocalCache::evict(const Entry& entry) {
  tell_drop(entry, entry.value.record, {Stage::kNone, stage_of(entry.value.filled), entry.written});
}

}  // namespace parallax::propagation::caches
