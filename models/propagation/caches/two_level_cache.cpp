#include "models/propagation/caches/two_level_cache.h"

namespace parallax::propagation::caches {

using domain::Stage;

TwoLevelCache::TwoLevelCache(LocalCache& local, Side* side, MemberId member, const TwoLevelSpec& spec)
    : local_{local}, side_{side}, member_{member}, spec_{spec} {
  if (side == nullptr) return;
  side->listen(member, *this);
  if (spec.on_expiry != OnExpiry::kRemoveEverywhere) return;
  local.on_expired([this](const LocalCache::Expired& entry) { expired(entry); });
}

TwoLevelCache::Fetch TwoLevelCache::fetch(const Key& key) {
  if (side_ == nullptr) return {*this, key, Store{std::nullopt}};
  return {*this, key, Store{side_->get(member_, key)}};
}

TwoLevelCache::Store TwoLevelCache::store(const Key& key, const Copy& copy, sim::VirtualTime read) {
  const Copy put = put_here(key, copy, read);
  return side_ == nullptr ? Store{std::nullopt} : Store{side_->put(member_, key, put)};
}

void TwoLevelCache::store_without_waiting(const Key& key, const Copy& copy, sim::VirtualTime read) {
  const Copy put = put_here(key, copy, read);
  if (side_ != nullptr) side_->tell(side_->put_request(member_, key, put));
}

Copy TwoLevelCache::put_here(const Key& key, Copy copy, sim::VirtualTime read) {
  copy.written = local_.site().now();
  copy.put = local_.put(key, copy, copy.written, Origin::source(read));
  return copy;
}

void TwoLevelCache::take(const Key& key, const Answer& answer) {
  if (!answer.copy) return;
  put_copy(key, *answer.copy, {answer.copy->put, Stage::kTokenCacheTtl, answer.stage, answer.at});
}

void TwoLevelCache::put_copy(const Key& key, const Copy& copy, const Origin& origin) {
  const bool takes_age_along = spec_.copy_age == CopyAge::kSinceWrite;
  local_.put(key, copy, takes_age_along ? copy.written : local_.site().now(), origin);
}

void TwoLevelCache::invalidate(const Key& key, domain::Version replaced_by, sim::RecordId cause) {
  local_.told(key.object, replaced_by);
  local_.drop(key, cause, {Stage::kNone, Stage::kNone, local_.site().now()});
  if (side_ != nullptr) side_->tell(side_->removal_request(member_, key, replaced_by, cause));
}

// The others' copies are as old, but their sweepers have not come yet.
void TwoLevelCache::expired(const LocalCache::Expired& entry) {
  const domain::Hop hop{side_->roster()[member_].node, entry.key.object, entry.passage};
  const sim::RecordId cause = local_.site().record(hop.pack(), entry.copy.put);
  side_->tell(side_->removal_request(member_, entry.key, {}, cause));
}

void TwoLevelCache::changed(const Message& event) {
  if (event.verb == Verb::kRemoved) {
    if (event.copy.version > domain::Version{}) local_.told(event.key.object, event.copy.version);
    local_.drop(event.key, event.copy.put, {Stage::kNone, event.stage, event.at});
  } else if (local_.find(event.key) != nullptr) {
    put_copy(event.key, event.copy, {event.copy.put, Stage::kNone, event.stage, event.at});
  }
}

}  // namespace parallax::propagation::caches
