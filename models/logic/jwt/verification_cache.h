// What a gateway remembers of tokens that it has verified, so that a signature is verified once in a while and not for
// each request (carbon-apimgt JWTValidator; facts on the caches: expiring_cache.h).
//
// Known under the digest of the signing input, never of the signature: ES256 gives the same token another signature
// each time it is issued, and anyone can make a second good one out of the first. So the value holds a digest of the
// signature that was verified, and a hit with another one goes through the whole verification. A hit tests exp and nbf
// again; that the token is not revoked, and all that subscriptions say, is the caller's to test on every request.
//
// Tokens with a bad signature, or refused for what they say under a good one, stand in a cache of their own under the
// digest of the whole text, so that junk cannot push out what is good. What is refused for less costs less than the
// digest, or may be good the next time (an unknown key, a token that is early), and is not remembered.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <utility>

#include "models/domain/ids.h"
#include "models/logic/caches/digest.h"
#include "models/logic/caches/expiring_cache.h"
#include "models/logic/jwt/numeric_date.h"
#include "models/logic/jwt/verifier.h"
#include "sim/time.h"

namespace parallax::logic::jwt {

/// What the host makes of a token's texts: dense ids, resolved once, on a miss.
struct Principal {
  domain::ClientId client{domain::kNoClient};  ///< kNoClient: nobody knows it yet; then the verdict is not remembered
  domain::UserId user{domain::kNoUser};
  std::uint32_t scope_set{0};  ///< the host's number for this combination of scopes
  friend constexpr bool operator==(const Principal&, const Principal&) = default;
};

/// All that the gateway's pipeline needs of a valid token.
struct VerifiedToken {
  caches::Digest signature;     ///< as it was sent, in base64url
  caches::Digest id;            ///< of jti: under it revoked tokens are listed; without one, of the signing input
  sim::VirtualTime expires;     ///< kNever if it does not say
  sim::VirtualTime not_before;  ///< kAlways if it does not say
  sim::VirtualTime issued;      ///< kAlways if it does not say
  domain::Version keys;         ///< the key set by which it was verified
  Principal principal;
  IssuerId issuer{};
  KeyType key_type{};
};

/// Defaults: carbon-apimgt CacheProvider, carbon-kernel CachingConstants.
struct VerificationCacheOptions {
  std::size_t capacity{10'000};
  sim::Duration ttl{sim::seconds(900)};
  std::size_t invalid_capacity{10'000};
  sim::Duration invalid_ttl{sim::seconds(900)};
  /// Whether a token goes through the whole verification when its issuer's keys are another version than the one it
  /// was verified by. Gateways keep their verdict, so a retired key's tokens outlive the key set by the ttl.
  enum class OnNewKeys : std::uint8_t { kKeep, kVerifyAgain } on_new_keys{OnNewKeys::kKeep};
  /// Whether a token whose key is unknown is remembered as invalid. WSO2 does, and a key that is published a moment
  /// later then helps that token only after invalid_ttl.
  enum class OnUnknownKey : std::uint8_t { kAskAgain, kRemember } on_unknown_key{OnUnknownKey::kAskAgain};
};

class VerificationCache {
 public:
  using Valid = caches::ExpiringCache<caches::Digest, VerifiedToken>;
  using Invalid = caches::ExpiringCache<caches::Digest, Validity>;

  struct Decision {
    Verdict verdict;
    VerifiedToken token;  ///< if valid
    enum class Source : std::uint8_t { kVerified, kCache, kInvalidCache } source{Source::kVerified};
  };

  VerificationCache(const Verifier& verifier, const VerificationCacheOptions& options,
                    const caches::DigestSecret& secret)
      : verifier_{&verifier},
        options_{options},
        secret_{secret},
        valid_{options.capacity, options.ttl},
        invalid_{options.invalid_capacity, options.invalid_ttl} {}

  /// `resolve` gets a valid Token and its IssuerId and returns the Principal; it is asked on a miss alone. A hit asks
  /// for no memory. `on_drop` gets each Entry of either cache that must make room.
  template <typename Resolve, typename OnDrop>
  Decision verify(std::string_view token, Workspace& workspace, KeyCache& keys, sim::VirtualTime now, Resolve&& resolve,
                  OnDrop&& on_drop);

  /// Removes what is due in both caches; gateways do so every 30 s.
  template <typename OnDrop>
  void sweep(sim::VirtualTime now, OnDrop&& on_drop) {
    valid_.sweep(now, on_drop);
    invalid_.sweep(now, on_drop);
  }

  /// Removes everything, as when a gateway starts again.
  template <typename OnDrop>
  void clear(OnDrop&& on_drop) {
    valid_.clear(on_drop);
    invalid_.clear(on_drop);
  }

  std::size_t valid_size() const { return valid_.size(); }
  std::size_t invalid_size() const { return invalid_.size(); }

  /// Under which a jti stands in VerifiedToken::id.
  caches::Digest digest_of(std::string_view text) const { return caches::digest(text, secret_); }

 private:
  using Key = Valid::Key;

  struct Digests {
    Key input;
    caches::Digest signature;
  };

  // A token without two dots has digests too; no such token was ever put.
  Digests digests_of(std::string_view token) const {
    const std::size_t dot = token.rfind('.');
    if (dot == std::string_view::npos) return {{digest_of(token), 0}, {}};
    return {{digest_of(token.substr(0, dot)), 0}, digest_of(token.substr(dot + 1))};
  }

  bool is_good_for(const VerifiedToken& known, caches::Digest signature, const KeyCache& keys) const {
    return known.signature == signature && (options_.on_new_keys == VerificationCacheOptions::OnNewKeys::kKeep ||
                                            known.keys == keys.version(known.issuer));
  }

  Validity check_times(const VerifiedToken& known, sim::VirtualTime now) const {
    const sim::Duration skew = verifier_->policy().skew;
    if (is_expired(known.expires, now, skew)) return Validity::kExpired;
    return is_early(known.not_before, now, skew) ? Validity::kNotYetValid : Validity::kValid;
  }

  bool stays_invalid(Validity validity) const {
    if (validity == Validity::kUnknownKey) {
      return options_.on_unknown_key == VerificationCacheOptions::OnUnknownKey::kRemember;
    }
    return validity == Validity::kBadSignature || validity == Validity::kMissingClaim ||
           validity == Validity::kExpired || validity == Validity::kWrongAudience;
  }

  static Decision decided(Validity validity, const VerifiedToken& known, Decision::Source source) {
    Decision decision{{}, known, source};
    decision.verdict.validity = validity;
    decision.verdict.issuer = known.issuer;
    decision.verdict.keys = known.keys;
    return decision;
  }

  // Tokens without a jti must not all have one id, or revoking one would revoke them all.
  VerifiedToken verified(const Verdict& verdict, const Digests& digests, const Principal& principal) const {
    const Token& token = *verdict.token;
    return {digests.signature,
            token.id.empty() ? digests.input.object : digest_of(token.id),
            token.expires.value_or(sim::kNever),
            token.not_before.value_or(kAlways),
            token.issued.value_or(kAlways),
            verdict.keys,
            principal,
            *verdict.issuer,
            token.key_type};
  }

  const Verifier* verifier_;
  VerificationCacheOptions options_;
  caches::DigestSecret secret_;
  Valid valid_;
  Invalid invalid_;
};

template <typename Resolve, typename OnDrop>
VerificationCache::Decision VerificationCache::verify(std::string_view token, Workspace& workspace, KeyCache& keys,
                                                      sim::VirtualTime now, Resolve&& resolve, OnDrop&& on_drop) {
  using Source = Decision::Source;
  if (token.size() > workspace.max_token_bytes()) {
    return {verifier_->verify(token, workspace, keys, now), {}, Source::kVerified};
  }
  const Digests digests = digests_of(token);
  if (const VerifiedToken* known = valid_.find(digests.input); known && is_good_for(*known, digests.signature, keys)) {
    return decided(check_times(*known, now), *known, Source::kCache);
  }
  const Key whole{digest_of(token), 0};
  if (const Validity* known = invalid_.find(whole)) {
    Decision decision{{}, {}, Source::kInvalidCache};
    decision.verdict.validity = *known;
    return decision;
  }
  Decision decision{verifier_->verify(token, workspace, keys, now), {}, Source::kVerified};
  const Validity validity = decision.verdict.validity;
  if (validity == Validity::kValid) {
    const Principal principal = resolve(*decision.verdict.token, *decision.verdict.issuer);
    decision.token = verified(decision.verdict, digests, principal);
    if (principal.client != domain::kNoClient) valid_.put(digests.input, decision.token, now, on_drop);
  } else if (stays_invalid(validity)) {
    invalid_.put(whole, validity, now, on_drop);
  }
  return decision;
}

}  // namespace parallax::logic::jwt
