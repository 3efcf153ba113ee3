#include "models/logic/tokens/issuance.h"

#include <cassert>

namespace parallax::logic::tokens {

using sim::VirtualTime;

// Such a token never meets another under the unique key: its binding is its own id.
bool Issuance::is_unbound_jwt() const {
  if (request_.type != TokenType::kJwt) return false;
  if (rules_.jwt_persistence == JwtPersistence::kNotStored) return true;
  return rules_.jwt_renewal == JwtRenewal::kKeepPrevious && rules_.keep_previous_for.has(request_.grant);
}

Step Issuance::begin(VirtualTime now) {
  assert(request_.fresh.id != kNoToken);
  assert(request_.refreshed.has_value() == (request_.grant == Grant::kRefreshToken));
  if (is_unbound_jwt()) request_.key.binding = BindingRef{static_cast<std::uint32_t>(request_.fresh.id)};
  if (request_.refreshed) return MarkRow{request_.refreshed->id, TokenState::kInactive};
  if (!is_unbound_jwt()) return ReadLatest{request_.key};
  if (rules_.jwt_persistence == JwtPersistence::kStored || request_.fresh.refresh != kNoDigest) return insert(now);
  make_row(now);
  return Issued{row_, IssuedFrom::kNoRow, TokenType::kJwt, std::nullopt};
}

Step Issuance::on_marked(Marking found, VirtualTime now) {
  if (found == Marking::kNoSuchRow) return Refused{OAuthError::kInvalidGrant};
  if (is_valid(*request_.refreshed, now)) revoked_ = request_.refreshed;
  return insert(now);
}

Step Issuance::on_read(const std::optional<AccessToken>& latest, VirtualTime now) {
  if (!latest) return insert(now);
  if (!is_valid(*latest, now)) return take_over(*latest, now);
  if (may_share(*latest)) return Issued{*latest, IssuedFrom::kExistingRow, TokenType::kOpaque, revoked_};
  if (violations_ == 0) revoked_ = latest;
  return take_over(*latest, now);
}

bool Issuance::may_share(const AccessToken& latest) const {
  if (rules_.recovery == ViolationRecovery::kIgnoringType) {
    return request_.type == TokenType::kOpaque || violations_ > 0;
  }
  return request_.type == TokenType::kOpaque && latest.type == TokenType::kOpaque;
}

Step Issuance::take_over(const AccessToken& latest, VirtualTime now) {
  make_row(now);
  if (revoked_ && revoked_->id == latest.id) return ReplaceRow{latest.id, TokenState::kRevoked, row_};
  // The refresh token moves on: were the old row left open, two nodes could use it once each.
  if (!is_valid(latest, now) && can_refresh(latest, now) && !request_.refreshed) {
    keep_refresh_of(latest);
    return ReplaceRow{latest.id, TokenState::kInactive, row_};
  }
  return ReplaceRow{latest.id, TokenState::kExpired, row_};
}

Step Issuance::insert(VirtualTime now) {
  make_row(now);
  return InsertRow{row_};
}

// Anew for each attempt: the time of issue is that of the attempt.
void Issuance::make_row(VirtualTime now) {
  const FreshToken& fresh = request_.fresh;
  const bool is_stored = request_.type == TokenType::kOpaque || rules_.jwt_persistence == JwtPersistence::kStored;
  row_ = {.id = fresh.id,
          .key = request_.key,
          .scopes = request_.scopes,
          .type = request_.type,
          .state = TokenState::kActive,
          .data_center = request_.data_center,
          .token = is_stored ? fresh.token : kNoDigest,
          .refresh = fresh.refresh,
          .issued = now,
          .expires = now + (request_.key.user_type == UserType::kApplication ? rules_.application_token_validity
                                                                             : rules_.user_token_validity),
          .refresh_expires = fresh.refresh == kNoDigest ? now : now + rules_.refresh_validity};
  if (request_.refreshed && rules_.rotation == RefreshRotation::kKept) keep_refresh_of(*request_.refreshed);
}

void Issuance::keep_refresh_of(const AccessToken& old) {
  row_.refresh = old.refresh;
  row_.refresh_expires = old.refresh_expires;
}

Step Issuance::on_inserted() const { return Issued{row_, IssuedFrom::kNewRow, request_.type, revoked_}; }

Step Issuance::on_violation() {
  ++violations_;
  if (!request_.refreshed) revoked_.reset();  // the mark was undone with the insertion
  if (violations_ > rules_.violation_retries_max) return Refused{OAuthError::kServerError};
  if (rules_.recovery_read == RecoveryRead::kLatest) return ReadLatest{request_.key};
  return ReadKeyHolder{request_.key, request_.data_center};
}

}  // namespace parallax::logic::tokens
