// A gateway's caches of validated tokens (carbon-apimgt CacheProvider, GatewayTokenRevocationMessageListener). A key is
// a token's digest and, as its variant, the resource: what is cached is an answer about both. Refused tokens have a
// cache of their own, so that junk cannot push out good entries; every other refusal is cached beside the admissions,
// a missing subscription too.
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
  kRefuse,         ///< all variants move to the cache of refused tokens
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

  void prefetch(const Key& key) const { valid_.prefetch(key); }

  /// Null if neither cache has it. Valid until the next call that changes one.
  const Cached* find(const Key& key) {
    const Cached* cached = valid_.find(key);
    return cached != nullptr ? cached : refused_.find(key);
  }

  /// A key is in one of the caches, never in both: of two answers under way the later one counts. `on_drop` gets each
  /// Entry that must make room.
  template <typename OnDrop>
  void remember(const Key& key, const Cached& answer, sim::VirtualTime now, OnDrop&& on_drop) {
    const bool is_refused = refuses_token(answer.validation.outcome);
    (is_refused ? valid_ : refused_).forget(key);
    (is_refused ? refused_ : valid_).put(key, answer, now, on_drop);
  }

  /// As the options say. `on_drop` gets each Entry that goes, `on_move` each that is refused from now on, as it was;
  /// what it returns is noted beside the new one.
  template <typename OnDrop, typename OnMove>
  void revoke(const Key& noticed_at, sim::VirtualTime now, OnDrop&& on_drop, OnMove&& on_move) {
    switch (options_.on_revocation) {
      case OnRevocation::kForget:
        return forget(noticed_at.object, on_drop);
      case OnRevocation::kForgetVariant:
        valid_.erase(noticed_at, on_drop);
        return refused_.erase(noticed_at, on_drop);
      case OnRevocation::kRefuse:
        return move_to_refused(noticed_at.object, now, on_drop, on_move);
    }
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

  template <typename OnDrop, typename OnMove>
  void move_to_refused(const caches::Digest& token, sim::VirtualTime now, OnDrop&& on_drop, OnMove&& on_move) {
    valid_.erase_object(token, [&](const Entry& entry) {
      Cached refused = entry.value;
      refused.validation.token.standing = domain::Standing::kBlocked;
      refused.validation.outcome = domain::Outcome::kTokenInvalid;
      refused.note = on_move(entry);
      refused_.put(entry.key, refused, now, on_drop);
    });
  }

  TokenCacheOptions options_;
  Cache valid_;
  Cache refused_;
};

}  // namespace parallax::logic::gateway
