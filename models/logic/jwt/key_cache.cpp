#include "models/logic/jwt/key_cache.h"

#include <algorithm>
#include <utility>

namespace parallax::logic::jwt {

using Fetch = KeyLookUp::Fetch;

KeyCache::KeyCache(std::size_t issuers, const KeyCacheOptions& options, const caches::DigestSecret& secret)
    : issuers_(issuers), options_{options}, secret_{secret} {
  for (Issuer& issuer : issuers_) issuer.negatives.reserve(options.negative_capacity);
}

KeyLookUp KeyCache::look_up(IssuerId id, std::string_view kid, sim::VirtualTime now) {
  Issuer& issuer = issuers_[domain::index(id)];
  give_up_late_fetch(issuer, now);
  const bool is_fresh = issuer.fetched && now - *issuer.fetched < options_.ttl;
  return is_fresh ? look_into_fresh(issuer, kid, now) : look_into_stale(issuer, kid, now);
}

void KeyCache::fetched(IssuerId id, KeySet set, sim::VirtualTime now) {
  Issuer& issuer = issuers_[domain::index(id)];
  issuer.set = std::move(set);
  issuer.fetched = now;
  issuer.fetching = false;
  if (!issuer.asked) return;
  const caches::Digest asked = *std::exchange(issuer.asked, std::nullopt);
  const auto is_it = [&](const SigningKey& key) { return caches::digest(key.id, secret_) == asked; };
  if (std::none_of(issuer.set.keys.begin(), issuer.set.keys.end(), is_it)) {
    remember(issuer, {asked, now + options_.negative_ttl});
  }
}

void KeyCache::give_up_late_fetch(Issuer& issuer, sim::VirtualTime now) const {
  if (!issuer.fetching || now - *issuer.begun < options_.fetch_timeout) return;
  issuer.fetching = false;
  issuer.asked.reset();
}

void KeyCache::fetch_failed(IssuerId id) {
  Issuer& issuer = issuers_[domain::index(id)];
  issuer.fetching = false;
  issuer.asked.reset();
}

bool KeyCache::may_fetch(const Issuer& issuer, sim::VirtualTime now) const {
  return !issuer.begun || now - *issuer.begun >= options_.refetch_interval;
}

KeyLookUp KeyCache::look_into_fresh(Issuer& issuer, std::string_view kid, sim::VirtualTime now) {
  const domain::Version version = issuer.set.version;
  if (const SigningKey* key = issuer.set.find(kid)) return {KeyStatus::kFound, key, version};
  if (kid.empty()) return {KeyStatus::kUnknown, nullptr, version};  // several keys: none is meant, and none will be
  const caches::Digest digest = caches::digest(kid, secret_);
  for (const Negative& negative : issuer.negatives) {
    if (negative.kid == digest && now < negative.until) return {KeyStatus::kUnknown, nullptr, version};
  }
  if (issuer.fetching) return {KeyStatus::kPending, nullptr, version};
  if (!may_fetch(issuer, now)) return {KeyStatus::kUnknown, nullptr, version};
  issuer.begun = now;
  issuer.fetching = true;
  issuer.asked = digest;
  return {KeyStatus::kPending, nullptr, version, Fetch::kBegin};
}

KeyLookUp KeyCache::look_into_stale(Issuer& issuer, std::string_view kid, sim::VirtualTime now) {
  Fetch fetch = Fetch::kNo;
  if (!issuer.fetching && may_fetch(issuer, now)) {
    issuer.begun = now;
    issuer.fetching = true;
    fetch = Fetch::kBegin;
  }
  const bool serves = issuer.fetched && now - *issuer.fetched - options_.ttl < options_.stale_limit;
  const SigningKey* key = serves ? issuer.set.find(kid) : nullptr;
  if (key != nullptr) return {KeyStatus::kFound, key, issuer.set.version, fetch};
  const KeyStatus status = issuer.fetching ? KeyStatus::kPending : KeyStatus::kUnavailable;
  return {status, nullptr, issuer.set.version, fetch};
}

void KeyCache::remember(Issuer& issuer, const Negative& negative) {
  if (options_.negative_capacity == 0 || options_.negative_ttl.ns <= 0) return;
  const auto known = std::find_if(issuer.negatives.begin(), issuer.negatives.end(),
                                  [&](const Negative& other) { return other.kid == negative.kid; });
  if (known != issuer.negatives.end()) {
    *known = negative;
  } else if (issuer.negatives.size() < options_.negative_capacity) {
    issuer.negatives.push_back(negative);
  } else {
    issuer.negatives[issuer.oldest] = negative;
    issuer.oldest = (issuer.oldest + 1) % issuer.negatives.size();
  }
}

}  // namespace parallax::logic::jwt
