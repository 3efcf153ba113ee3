#include "models/logic/jwt/read.h"

#include <optional>

#include "models/logic/jwt/base64url.h"
#include "models/logic/jwt/compact.h"
#include "models/logic/jwt/numeric_date.h"
#include "models/logic/jwt/object_reader.h"

namespace parallax::logic::jwt {

namespace {

using Kind = Member::Kind;

std::optional<std::string_view> decode(std::string_view part, Workspace& workspace) {
  const auto bytes = base64url_decode(part, workspace.decoded_room());
  workspace.count(part.size());
  if (bytes) workspace.take_decoded(bytes->size());
  return bytes;
}

// What is neither absent nor of the kind that it has to be.
bool is_wrong(const Member& member, Kind kind) { return member.kind != Kind::kAbsent && member.kind != kind; }

// The flaw of an object that could not be read, where `broken` says whose it was.
Flaw flaw_of(ObjectFlaw flaw, Flaw broken) { return flaw == ObjectFlaw::kDuplicate ? Flaw::kDuplicateMember : broken; }

std::optional<Flaw> read_header(std::string_view part, Workspace& workspace, Token& token) {
  enum : std::size_t { kAlg, kKid, kTyp, kCrit };
  constexpr std::array<std::string_view, 4> kNames{"alg", "kid", "typ", "crit"};
  const auto json = decode(part, workspace);
  if (!json) return Flaw::kEncoding;
  Members members;
  if (const auto flaw = read_object(*json, kNames, workspace, members)) return flaw_of(*flaw, Flaw::kHeader);
  if (is_wrong(members[kAlg], Kind::kText) || is_wrong(members[kKid], Kind::kText) ||
      is_wrong(members[kTyp], Kind::kText)) {
    return Flaw::kHeader;
  }
  const auto algorithm = algorithm_of(members[kAlg].text);
  if (!algorithm) return Flaw::kAlgorithm;
  if (members[kCrit].kind != Kind::kAbsent) return Flaw::kCritical;
  token.algorithm = *algorithm;
  token.key_id = members[kKid].text;
  token.type = members[kTyp].text;
  return std::nullopt;
}

// The claims in the order in which they are asked for; those with several names stand at the end.
enum Claim : std::size_t { kIss, kSub, kAud, kExp, kNbf, kIat, kJti, kKeyType, kClient, kScope = kClient + 3 };
constexpr std::size_t kClaims = kScope + 2;
static_assert(kClaims <= kMaxMembers);

std::array<std::string_view, kClaims> claim_names(const ClaimNames& names) {
  return {"iss",          "sub",           "aud",           "exp",           "nbf",          "iat",         "jti",
          names.key_type, names.client[0], names.client[1], names.client[2], names.scope[0], names.scope[1]};
}

bool has_wrong_kind(const Members& members) {
  for (const Claim text : {kIss, kSub, kJti, kKeyType}) {
    if (is_wrong(members[text], Kind::kText)) return true;
  }
  for (std::size_t client = kClient; client < kScope; ++client) {
    if (is_wrong(members[client], Kind::kText)) return true;
  }
  for (const Claim date : {kExp, kNbf, kIat}) {
    if (is_wrong(members[date], Kind::kNumber)) return true;
  }
  for (const std::size_t list : {std::size_t{kAud}, std::size_t{kScope}, std::size_t{kScope} + 1}) {
    if (is_wrong(members[list], Kind::kText) && is_wrong(members[list], Kind::kTexts)) return true;
  }
  return false;
}

KeyType key_type_of(std::string_view text) {
  if (text.empty()) return KeyType::kNone;
  if (text == "PRODUCTION") return KeyType::kProduction;
  return text == "SANDBOX" ? KeyType::kSandbox : KeyType::kOther;
}

std::optional<sim::VirtualTime> date_of(const Member& member) {
  if (member.kind == Kind::kAbsent) return std::nullopt;
  return numeric_date(member.text);
}

// The first of several names that has something to say.
const Member& first_of(const Members& members, std::size_t first, std::size_t end) {
  while (first + 1 < end && members[first].text.empty()) ++first;
  return members[first];
}

std::optional<Flaw> read_claims(std::string_view part, const ClaimNames& names, Workspace& workspace, Token& token) {
  const auto json = decode(part, workspace);
  if (!json) return Flaw::kEncoding;
  Members members;
  if (const auto flaw = read_object(*json, claim_names(names), workspace, members)) {
    return flaw_of(*flaw, Flaw::kClaims);
  }
  if (has_wrong_kind(members)) return Flaw::kClaims;
  const Member& scopes = first_of(members, kScope, kClaims);
  token.issuer = members[kIss].text;
  token.subject = members[kSub].text;
  token.id = members[kJti].text;
  token.client = first_of(members, kClient, kScope).text;
  token.audience = {members[kAud].text, '\0'};
  token.scopes = {scopes.text, scopes.kind == Kind::kTexts ? '\0' : ' '};
  token.key_type = key_type_of(members[kKeyType].text);
  token.expires = date_of(members[kExp]);
  token.not_before = date_of(members[kNbf]);
  token.issued = date_of(members[kIat]);
  return std::nullopt;
}

}  // namespace

std::string_view name_of(Flaw flaw) {
  constexpr std::array<std::string_view, 8> kNames{"oversized", "not_three_parts", "encoding", "header",
                                                   "algorithm", "critical",        "claims",   "duplicate_member"};
  return kNames[static_cast<std::size_t>(flaw)];
}

std::variant<Token, Flaw> read(std::string_view token, const ClaimNames& names, Workspace& workspace) {
  workspace.reset();
  if (token.size() > workspace.max_token_bytes()) return Flaw::kOversized;
  workspace.count(token.size());
  const auto parts = split(token);
  if (!parts) return Flaw::kNotThreeParts;
  Token result;
  result.signing_input = parts->signing_input;
  if (const auto flaw = read_header(parts->header, workspace, result)) return *flaw;
  if (const auto flaw = read_claims(parts->claims, names, workspace, result)) return *flaw;
  if (parts->signature.empty()) return Flaw::kNotThreeParts;
  const auto signature = decode(parts->signature, workspace);
  if (!signature) return Flaw::kEncoding;
  result.signature = *signature;
  return result;
}

}  // namespace parallax::logic::jwt
