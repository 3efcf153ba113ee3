#include "models/logic/tokens/revoker.h"

namespace parallax::logic::tokens {

using sim::VirtualTime;

namespace {

RevocationEvent event_of(const AccessToken& row, VirtualTime now) {
  return {.kind = row.type == TokenType::kJwt ? RevocationKind::kJwt : RevocationKind::kOpaque,
          .token = row.token,
          .client = row.key.client,
          .user = row.key.user,
          .revoked = now,
          .expires = row.expires};
}

}  // namespace

Revocations Revoker::revoke(domain::TokenId id, VirtualTime now) {
  const auto row = tokens_.find(id);
  if (!row || tokens_.mark(id, TokenState::kRevoked) != Marking::kMarked) return {};
  return announce(*row, now);
}

// A row that keeps a refresh token alone has no text to tell of.
Revocations Revoker::announce(const AccessToken& row, VirtualTime now) {
  Revocations out;
  if (!is_over(row.expires, now) && row.token != kNoDigest) write_down(event_of(row, now), now, out);
  return out;
}

Revocations Revoker::revoke_jwt(const RevocationEvent& event, VirtualTime now) {
  Revocations out;
  if (!is_over(event.expires, now)) write_down(event, now, out);
  return out;
}

Revocations Revoker::revoke_client(domain::ClientId client, VirtualTime now) {
  const RevocationEvent rule{
      .kind = RevocationKind::kClient, .token = {}, .client = client, .revoked = now, .expires = {}};
  return revoke_all(rule, tokens_.open_rows_of(client), now);
}

Revocations Revoker::revoke_user(domain::UserId user, VirtualTime now) {
  const RevocationEvent rule{.kind = RevocationKind::kUser, .token = {}, .user = user, .revoked = now, .expires = {}};
  return revoke_all(rule, tokens_.open_rows_of(user), now);
}

Revocations Revoker::revoke_all(const RevocationEvent& rule, const std::vector<AccessToken>& rows, VirtualTime now) {
  Revocations out;
  revoked_.insert(rule);
  out.events.push_back(rule);
  for (const AccessToken& row : rows) {
    if (tokens_.mark(row.id, TokenState::kRevoked) != Marking::kMarked) continue;
    if (row.type == TokenType::kOpaque && !is_over(row.expires, now)) write_down(event_of(row, now), now, out);
  }
  return out;
}

void Revoker::write_down(const RevocationEvent& event, VirtualTime now, Revocations& out) {
  revoked_.insert(event);
  out.events.push_back(event);
  if (options_.clean_up == RevocationCleanUp::kOff) return;
  revoked_.delete_expired(now - options_.kept_past_expiry, out.deleted);
}

}  // namespace parallax::logic::tokens
