// What a gateway knows to be revoked (carbon-apimgt RevokedJWTDataHolder, RevokedJWTMapCleaner). A JWT is refused from
// the moment its id is in the map until it expires: the map outranks the gateway's token cache. Entries go when the
// cleaner finds them expired, so one stays up to a cleaner's period longer.
//
// A rule refuses what was issued before its instant: iat < revoked, not <= (Timestamp.after). A JWT says iat in whole
// seconds, so one issued after the revocation but in the same second is refused too; claims come in as the JWT has
// them. Later rules replace earlier ones, never the other way round, in whichever order they arrive.
//
// If validators grant a clock skew beyond the expiry, the cleaner must grant it, too, or a revoked JWT comes back to
// life between its expiry and the end of the grace: kept_past_expiry. WSO2's cleaner grants none.
#pragma once

#include <boost/unordered/unordered_flat_map.hpp>
#include <cstddef>
#include <cstdint>

#include "models/domain/ids.h"
#include "models/logic/caches/digest.h"
#include "models/logic/tokens/access_token.h"
#include "sim/time.h"

namespace parallax::logic::tokens {

/// What a verified JWT says of itself.
struct Claims {
  caches::Digest jti;
  domain::ClientId client{};
  domain::UserId user{};
  UserType user_type{UserType::kApplication};
  sim::VirtualTime issued;
};

/// By what a JWT is refused; kNone: it is not.
enum class RevokedBy : std::uint8_t { kNone, kToken, kClient, kClientItself, kUser };

class RevokedMap {
 public:
  struct Options {
    sim::Duration kept_past_expiry{};  ///< >= 0; the greatest skew that a validator of expiries grants
  };

  RevokedMap() : RevokedMap(Options{}) {}
  explicit RevokedMap(const Options& options) : options_{options} {}

  /// Of two expiries of one token the later counts.
  void add_token(caches::Digest jti, sim::VirtualTime expires);
  void add_client(domain::ClientId client, sim::VirtualTime revoked);
  void add_client_itself(domain::ClientId client, sim::VirtualTime revoked);
  void add_user(domain::UserId user, sim::VirtualTime revoked);

  /// One probe, no allocation.
  bool has_token(caches::Digest jti) const { return tokens_.contains(jti); }

  /// The id, then the rules; a probe for each kind of rule that there is.
  RevokedBy revoked_by(const Claims& claims) const;

  /// The cleaner: removes tokens with an expiry before `now`, not at it. Returns how many.
  std::size_t clean(sim::VirtualTime now);

  std::size_t tokens() const { return tokens_.size(); }

 private:
  template <typename Id>
  using Rules = boost::unordered_flat_map<Id, sim::VirtualTime>;

  Options options_;
  boost::unordered_flat_map<caches::Digest, sim::VirtualTime> tokens_;
  Rules<domain::ClientId> clients_;
  Rules<domain::ClientId> clients_themselves_;
  Rules<domain::UserId> users_;
};

}  // namespace parallax::logic::tokens
