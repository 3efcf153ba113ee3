// A gateway's caches of validated tokens (carbon-apimgt CacheProvider, APIKeyValidator,
// GatewayTokenRevocationMessageListener). What is known of a token is cached for each resource that it was used on: the
// key is the token's digest and, as its variant, the resource. A refused token (900901) stands in a cache of its own,
// by its digest alone, so that junk cannot push out good entries; every other answer is cached beside the admissions, a
// missing subscription too. The cache of refused tokens is asked only about tokens of which no resource is known.
//
// The product has a third one, of tokens alone, in front of that by resource; it is written whenever that is, and so
// holds whatever that holds. Here the question is put to the cache by resource itself.
//
// A token that is revoked moves to the cache of refused ones where it was cached; where it was not, nothing is
// recorded, and the next call asks again whoever may not know of the revocation yet.
#pragma once

#include <array>
#include <optional>

#include "models/logic/caches/digest.h"
#include "models/logic/caches/expiring_cache.h"
#include "models/logic/gateway/validation.h"

namespace parallax::logic::gateway {

/// What a revocation does to the entries of its token.
enum class OnRevocation : std::uint8_t {
  kRefuse,         ///< all its entries go, and it stands in the cache of refused tokens
  kForget,         ///< all variants go: the next call asks
  kForgetVariant,  ///< only that of the resource at which the revocation was noticed (up to 2.x: product-apim #2931)
};

struct TokenCacheOptions {
  std::size_t capacity{10'000};                    ///< of each; carbon-kernel CachingConstants
  sim::Duration ttl{sim::minutes(15)};             ///< carbon-apimgt CacheProvider
  sim::Duration sweep_interval{sim::seconds(30)};  ///< carbon-kernel CacheImpl; the host calls sweep
  OnRevocation on_revocation{OnRevocation::kRefuse};
};

class TokenCaches {
 public:
  /// An answer and what the host wants to find beside it (the simulator: the record that told of it).
  struct Cached {
    Validation validation;
    std::uint64_t note{0};
  };
  using Cache = caches::ExpiringCache<caches::Digest, Cached>;
  using Key = Cache::Key;
  using Entry = Cache::Entry;

  explicit TokenCaches(const TokenCacheOptions& options)
      : options_{options}, valid_{options.capacity, options.ttl}, refused_{options.capacity, options.ttl} {}

  const TokenCacheOptions& options() const { return options_; }

  /// Stands for all resources: of a refused token.
  static constexpr std::uint32_t kEverywhere = 0xffff'ffff;

  void prefetch(const Key& key) const { valid_.prefetch(key); }

  /// What decides on a call; null if somebody has to be asked. Valid until the next call that changes a cache.
  const Cached* find(const Key& key) {
    if (const Cached* cached = valid_.find(key)) return cached;
    return valid_.holds(key.object) ? nullptr : refused_.find({key.object, kEverywhere});
  }

  /// Under which an answer to a call with `key` is cached.
  static Key place_of(const Key& key, const Validation& answer) {
    return refuses_token(answer.outcome) ? Key{key.object, kEverywhere} : key;
  }

  /// What stands there, whether it decides or not.
  const Cached* at(const Key& place) {
    return place.variant == kEverywhere ? refused_.find(place) : valid_.find(place);
  }

  /// Of two answers under way about one key the later one counts: a refusal ends what was known of that resource, which
  /// `on_contradicted` gets. `on_drop` gets each Entry that must make room; one in the same place is replaced without a
  /// word.
  template <typename OnDrop, typename OnContradicted>
  void remember(const Key& key, const Cached& answer, sim::VirtualTime now, OnDrop&& on_drop,
                OnContradicted&& on_contradicted) {
    const Key place = place_of(key, answer.validation);
    if (place.variant != kEverywhere) return valid_.put(place, answer, now, on_drop);
    valid_.erase(key, on_contradicted);
    refused_.put(place, answer, now, on_drop);
  }
  template <typename OnDrop>
  void remember(const Key& key, const Cached& answer, sim::VirtualTime now, OnDrop&& on_drop) {
    remember(key, answer, now, on_drop, on_drop);
  }

  /// As the options say. `on_drop` gets each Entry that goes. True if the token is refused from now on, for which
  /// `note` is noted.
  template <typename OnDrop>
  bool revoke(const Key& noticed_at, std::uint64_t note, sim::VirtualTime now, OnDrop&& on_drop) {
    switch (options_.on_revocation) {
      case OnRevocation::kForget:
        forget(noticed_at.object, on_drop);
        return false;
      case OnRevocation::kForgetVariant:
        valid_.erase(noticed_at, on_drop);
        return false;
      case OnRevocation::kRefuse:
        return refuse(noticed_at, note, now, on_drop);
    }
    return false;
  }

  /// Removes every variant of a token.
  template <typename OnDrop>
  void forget(const caches::Digest& token, OnDrop&& on_drop) {
    valid_.erase_object(token, on_drop);
    refused_.erase_object(token, on_drop);
  }

  template <typename OnDrop>
  void sweep(sim::VirtualTime now, OnDrop&& on_drop) {
    valid_.sweep(now, on_drop);
    refused_.sweep(now, on_drop);
  }

  template <typename OnDrop>
  void clear(OnDrop&& on_drop) {
    valid_.clear(on_drop);
    refused_.clear(on_drop);
  }

  /// When the first entry may be swept; nothing if both are empty.
  std::optional<sim::VirtualTime> next_due() const {
    const auto valid = valid_.next_due();
    const auto refused = refused_.next_due();
    return valid && refused ? std::min(*valid, *refused) : valid ? valid : refused;
  }
  sim::VirtualTime due(const Entry& entry) const { return valid_.due(entry); }

  std::size_t size() const { return valid_.size() + refused_.size(); }

 private:
  static bool refuses_token(domain::Outcome outcome) {
    return outcome == domain::Outcome::kTokenInvalid || outcome == domain::Outcome::kTokenExpired;
  }

  template <typename OnDrop>
  bool refuse(const Key& noticed_at, std::uint64_t note, sim::VirtualTime now, OnDrop&& on_drop) {
    std::optional<Cached> known;
    valid_.erase_object(noticed_at.object, [&](const Entry& entry) {
      known = entry.value;
      on_drop(entry);
    });
    if (!known) return false;
    known->validation.token.standing = domain::Standing::kBlocked;
    known->validation.outcome = domain::Outcome::kTokenInvalid;
    known->note = note;
    remember(noticed_at, *known, now, on_drop);
    return true;
  }

  TokenCacheOptions options_;
  Cache valid_;
  Cache refused_;
};

}  // namespace parallax::logic::gateway
