// What a gateway thinks of a signed token, and why.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

#include "models/domain/ids.h"
#include "models/domain/outcome.h"
#include "models/logic/jwt/key_cache.h"
#include "models/logic/jwt/read.h"
#include "models/logic/jwt/token.h"

namespace parallax::logic::jwt {

/// In the order in which they are looked for: the first that applies is told.
enum class Validity : std::uint8_t {
  kValid,
  kOversized,         //
  kMalformed,         ///< Flaw says how
  kAlgorithmRefused,  ///< unknown, not allowed by the policy, or not the key's own
  kWrongType,         ///< typ is none of those allowed
  kWrongIssuer,       ///< not a trusted one, or none
  kKeyPending,        ///< the key is being fetched: ask again, or refuse
  kKeyUnavailable,    ///< the issuer's keys could not be fetched
  kUnknownKey,        //
  kBadSignature,      //
  kMissingClaim,      ///< one that the policy requires
  kExpired,           //
  kNotYetValid,       //
  kWrongAudience,     //
};

inline constexpr auto kValidities = [] {
  std::array<Validity, static_cast<std::size_t>(Validity::kWrongAudience) + 1> all{};
  for (std::size_t i = 0; i < all.size(); ++i) all[i] = static_cast<Validity>(i);
  return all;
}();

/// For logs and reports: "bad_signature".
std::string_view name_of(Validity validity);

/// What the gateway answers, had it to answer now: kAdmitted, kTokenExpired (whether a profile tells it apart from
/// kTokenInvalid is the profile's business), kValidationUnavailable while keys are wanted, else kTokenInvalid.
domain::Outcome outcome_of(Validity validity);

struct Verdict {
  Validity validity{Validity::kMalformed};
  std::optional<Flaw> flaw;                       ///< of tokens that could not be read
  std::optional<IssuerId> issuer;                 ///< if it is a trusted one
  std::optional<Algorithm> algorithm;             ///< if a signature was verified or found bad: what the host charges
  domain::Version keys{};                         ///< of the key set that was looked into
  KeyLookUp::Fetch fetch{KeyLookUp::Fetch::kNo};  ///< whether the host must begin to fetch the issuer's keys now
  std::optional<Token> token;                     ///< if it could be read; to be believed only if valid
};

}  // namespace parallax::logic::jwt
