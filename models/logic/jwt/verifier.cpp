#include "models/logic/jwt/verifier.h"

#include <algorithm>

namespace parallax::logic::jwt {

namespace {

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

bool equal_in_any_case(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](char x, char y) { return lower(x) == lower(y); });
}

// RFC 7515 section 4.1.9: "application/" may be left out of a media type.
bool is_type(std::string_view type, std::string_view wanted) {
  constexpr std::string_view kPrefix = "application/";
  if (equal_in_any_case(type.substr(0, kPrefix.size()), kPrefix)) type.remove_prefix(kPrefix.size());
  return equal_in_any_case(type, wanted);
}

bool has(const Token& token, RequiredClaim claim) {
  switch (claim) {
    case RequiredClaim::kSubject:
      return !token.subject.empty();
    case RequiredClaim::kId:
      return !token.id.empty();
    case RequiredClaim::kClient:
      return !token.client.empty();
    case RequiredClaim::kExpires:
      return token.expires.has_value();
    case RequiredClaim::kIssued:
      return token.issued.has_value();
  }
  return false;
}

}  // namespace

Verdict Verifier::verify(std::string_view text, Workspace& workspace, KeyCache& keys, sim::VirtualTime now) const {
  Verdict verdict;
  const auto reading = read(text, policy_.names, workspace);
  if (const Flaw* flaw = std::get_if<Flaw>(&reading)) {
    verdict.flaw = *flaw;
    verdict.validity = *flaw == Flaw::kOversized   ? Validity::kOversized
                       : *flaw == Flaw::kAlgorithm ? Validity::kAlgorithmRefused
                                                   : Validity::kMalformed;
    return verdict;
  }
  verdict.token = std::get<Token>(reading);
  verdict.validity = check_before_key(*verdict.token, verdict.issuer);
  if (verdict.validity == Validity::kValid) {
    verdict.validity = check_signature(*verdict.token, keys, now, verdict);
  }
  if (verdict.validity == Validity::kValid) verdict.validity = check_claims(*verdict.token, now);
  return verdict;
}

Validity Verifier::check_before_key(const Token& token, std::optional<IssuerId>& issuer) const {
  if (!policy_.algorithms.contains(token.algorithm)) return Validity::kAlgorithmRefused;
  const auto is_of_type = [&](const std::string& type) { return is_type(token.type, type); };
  if (!policy_.types.empty() && std::none_of(policy_.types.begin(), policy_.types.end(), is_of_type)) {
    return Validity::kWrongType;
  }
  const auto trusted = std::find(policy_.issuers.begin(), policy_.issuers.end(), token.issuer);
  if (token.issuer.empty() || trusted == policy_.issuers.end()) return Validity::kWrongIssuer;
  issuer = static_cast<IssuerId>(trusted - policy_.issuers.begin());
  return Validity::kValid;
}

Validity Verifier::check_signature(const Token& token, KeyCache& keys, sim::VirtualTime now, Verdict& verdict) const {
  const KeyLookUp found = keys.look_up(*verdict.issuer, token.key_id, now);
  verdict.keys = found.version;
  verdict.fetch = found.fetch;
  switch (found.status) {
    case KeyStatus::kPending:
      return Validity::kKeyPending;
    case KeyStatus::kUnavailable:
      return Validity::kKeyUnavailable;
    case KeyStatus::kUnknown:
      return Validity::kUnknownKey;
    case KeyStatus::kFound:
      break;
  }
  // RFC 8725 section 3.1: an RSA key's public half must not become an HMAC secret because the token says so.
  if (found.key->algorithm != token.algorithm) return Validity::kAlgorithmRefused;
  verdict.algorithm = token.algorithm;
  const bool is_good = signatures_->verify(*found.key, token.signing_input, token.signature);
  return is_good ? Validity::kValid : Validity::kBadSignature;
}

Validity Verifier::check_claims(const Token& token, sim::VirtualTime now) const {
  if (!has_required(token)) return Validity::kMissingClaim;
  if (token.expires && is_expired(*token.expires, now, policy_.skew)) return Validity::kExpired;
  if (token.not_before && is_early(*token.not_before, now, policy_.skew)) return Validity::kNotYetValid;
  return is_for_us(token) ? Validity::kValid : Validity::kWrongAudience;
}

bool Verifier::has_required(const Token& token) const {
  return std::all_of(policy_.required.begin(), policy_.required.end(),
                     [&](RequiredClaim claim) { return has(token, claim); });
}

bool Verifier::is_for_us(const Token& token) const {
  return policy_.audiences.empty() ||
         std::any_of(policy_.audiences.begin(), policy_.audiences.end(),
                     [&](const std::string& audience) { return token.audience.contains(audience); });
}

}  // namespace parallax::logic::jwt
