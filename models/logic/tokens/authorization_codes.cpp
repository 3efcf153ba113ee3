#include "models/logic/tokens/authorization_codes.h"

#include <algorithm>
#include <cassert>

namespace parallax::logic::tokens {

using caches::Digest;
using domain::TokenId;

namespace {

Redemption refused(TokenId to_revoke = kNoToken) { return {OAuthError::kInvalidGrant, std::nullopt, to_revoke}; }

}  // namespace

void AuthorizationCodes::add(Digest code, const CodeGrant& grant, sim::VirtualTime now) {
  const bool is_new = codes_.emplace(code, Record{grant, now + options_.validity}).second;
  assert(is_new);
  static_cast<void>(is_new);
}

Redemption AuthorizationCodes::redeem(Digest code, domain::ClientId client, Digest redirect_uri, sim::VirtualTime now) {
  const auto found = codes_.find(code);
  if (found == codes_.end()) return refused();
  Record& record = found->second;
  if (record.uses != Uses::kNone) {
    record.uses = Uses::kMore;
    return refused(record.family == kNoFamily ? kNoToken : families_.at(record.family).latest);
  }
  if (record.grant.client != client || record.grant.redirect_uri != redirect_uri || now >= record.until) {
    return refused();
  }
  record.uses = Uses::kOnce;
  record.until = now + options_.kept_used;
  return {OAuthError::kNone, record.grant, kNoToken};
}

Binding AuthorizationCodes::bind(Digest code, TokenId token) {
  const auto found = codes_.find(code);
  if (found == codes_.end()) return Binding::kRevokeIt;  // it took longer than a used code is kept
  Record& record = found->second;
  assert(record.uses != Uses::kNone);
  const auto [family_of, is_new] = family_of_.try_emplace(token, FamilyId{families_made_ + 1});
  if (is_new) ++families_made_;
  record.family = family_of->second;
  Family& family = families_[record.family];
  family.latest = token;
  family.until = std::max(family.until, record.until);
  return record.uses == Uses::kMore ? Binding::kRevokeIt : Binding::kBound;
}

void AuthorizationCodes::renewed(TokenId old, TokenId fresh, sim::VirtualTime now) {
  const auto found = family_of_.find(old);
  if (found == family_of_.end()) return;
  const FamilyId id = found->second;
  family_of_.erase(found);
  family_of_.insert_or_assign(fresh, id);
  families_.at(id) = {fresh, now + options_.kept_used};
}

std::size_t AuthorizationCodes::sweep(sim::VirtualTime now) {
  const auto is_over = [&](FamilyId id) { return id == kNoFamily || now >= families_.at(id).until; };
  const std::size_t swept =
      erase_if(codes_, [&](const auto& entry) { return now >= entry.second.until && is_over(entry.second.family); });
  erase_if(family_of_, [&](const auto& entry) { return is_over(entry.second); });
  erase_if(families_, [&](const auto& entry) { return now >= entry.second.until; });
  return swept;
}

}  // namespace parallax::logic::tokens
