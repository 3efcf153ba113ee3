// A gateway's copies of the key sets of the issuers that it trusts, and when to fetch them again. It decides only: the
// host does the fetching and tells what came of it.
//
// A set serves for its time to live, whatever its issuer has done since: a retired key is accepted until the set is
// replaced. A kid that the set has not, as another data center's new key, asks for a fetch at once, but for no more
// than one in an interval, or whoever sends random kids would drive the issuer (carbon-apimgt JWTValidatorImpl fetches
// for each of them; Nimbus JWKSourceBuilder has the limit). A kid that a fetch did not bring is remembered for a while
// as unknown and asks for nothing; of these there are at most so many, the oldest forgotten first. Remembered or not,
// a kid that a later set brings is known.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "models/domain/ids.h"
#include "models/logic/caches/digest.h"
#include "models/logic/jwt/key_set.h"
#include "sim/time.h"

namespace parallax::logic::jwt {

/// An issuer that the gateway trusts: its place in the list of them.
enum class IssuerId : std::uint16_t {};

/// Defaults: Nimbus JWKSourceBuilder, DEFAULT_CACHE_TIME_TO_LIVE and DEFAULT_RATE_LIMIT_MIN_INTERVAL; a negative time
/// to live as long as the set's.
struct KeyCacheOptions {
  sim::Duration ttl{sim::minutes(5)};                ///< > 0
  sim::Duration refetch_interval{sim::seconds(30)};  ///< >= 0, between the beginnings of two fetches of one issuer
  sim::Duration negative_ttl{sim::minutes(5)};       ///< >= 0
  std::size_t negative_capacity{64};                 ///< kids for each issuer
  sim::Duration fetch_timeout{sim::seconds(15)};     ///< > 0; a fetch that nobody has answered by then has failed
  sim::Duration stale_limit{};  ///< >= 0: how long beyond its ttl a set serves while no fetch has succeeded
};

enum class KeyStatus : std::uint8_t {
  kFound,
  kPending,      ///< ask again when the fetch that is under way has been answered; or refuse this request
  kUnknown,      ///< the issuer has no such key, as far as is known: refuse
  kUnavailable,  ///< there is no set to look into, and it is too early to try again
};

struct KeyLookUp {
  KeyStatus status;
  const SigningKey* key{nullptr};  ///< if found; valid until the cache is told of another set
  domain::Version version{};       ///< of the set that was looked into; 0: there was none
  /// Whether the host must begin to fetch this issuer's keys now, whatever the status.
  enum class Fetch : std::uint8_t { kNo, kBegin } fetch{Fetch::kNo};
};

class KeyCache {
 public:
  /// `secret` is for the digests under which unknown kids are remembered.
  KeyCache(std::size_t issuers, const KeyCacheOptions& options, const caches::DigestSecret& secret);

  /// Asks for no memory. Requires: issuer is one of those declared.
  KeyLookUp look_up(IssuerId issuer, std::string_view kid, sim::VirtualTime now);

  /// The fetch brought this set: it is fresh from `now` on. Sets may come unasked too, and older than the last.
  void fetched(IssuerId issuer, KeySet set, sim::VirtualTime now);

  /// The fetch brought nothing; the next look-up that needs one begins another, an interval after this one began.
  void fetch_failed(IssuerId issuer);

  /// Of the set that is held; 0 if there is none.
  domain::Version version(IssuerId issuer) const { return issuers_[domain::index(issuer)].set.version; }

  /// Kids remembered as unknown.
  std::size_t negatives(IssuerId issuer) const { return issuers_[domain::index(issuer)].negatives.size(); }

 private:
  struct Negative {
    caches::Digest kid;
    sim::VirtualTime until;
  };
  struct Issuer {
    KeySet set;
    std::optional<sim::VirtualTime> fetched;  ///< when the set came
    std::optional<sim::VirtualTime> begun;    ///< when the last fetch began
    bool fetching{false};
    std::optional<caches::Digest> asked;  ///< the kid for which it began
    std::vector<Negative> negatives;      ///< a ring, once it is full
    std::size_t oldest{0};
  };

  void give_up_late_fetch(Issuer& issuer, sim::VirtualTime now) const;
  bool may_fetch(const Issuer& issuer, sim::VirtualTime now) const;
  KeyLookUp look_into_fresh(Issuer& issuer, std::string_view kid, sim::VirtualTime now);
  KeyLookUp look_into_stale(Issuer& issuer, std::string_view kid, sim::VirtualTime now);
  void remember(Issuer& issuer, const Negative& negative);

  std::vector<Issuer> issuers_;
  KeyCacheOptions options_;
  caches::DigestSecret secret_;
};

}  // namespace parallax::logic::jwt
