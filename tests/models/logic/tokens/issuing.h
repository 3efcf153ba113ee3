// What tests of issuing share: owners, requests, and a node that takes one step at a time.
#pragma once

#include <cstdint>
#include <optional>

#include "models/logic/tokens/issue_now.h"

namespace parallax::logic::tokens::testing {

inline sim::VirtualTime at(std::int64_t seconds) { return sim::VirtualTime{} + sim::seconds(seconds); }
inline constexpr sim::Duration kTick = sim::nanoseconds(1);

inline caches::Digest text(std::uint64_t number) { return {number, 0}; }

/// One owner; the texts of token n are 1000 + n and 2000 + n.
inline IssueRequest request(TokenType type, std::uint32_t id, Grant grant = Grant::kPassword) {
  IssueRequest request;
  request.key = {.client = domain::ClientId{7},
                 .user = domain::UserId{3},
                 .tenant = domain::TenantId{1},
                 .user_type = grant == Grant::kClientCredentials ? UserType::kApplication : UserType::kApplicationUser,
                 .binding = kUnbound,
                 .scope_hash = {55, 66}};
  request.type = type;
  request.grant = grant;
  request.fresh = {domain::TokenId{id}, text(1'000 + id), text(2'000 + id)};
  if (grant == Grant::kClientCredentials) request.fresh.refresh = kNoDigest;
  return request;
}

inline IssueRequest refresh_request(const AccessToken& refreshed, std::uint32_t id) {
  IssueRequest again = request(refreshed.type, id);
  again.key = refreshed.key;
  again.grant = Grant::kRefreshToken;
  again.refreshed = refreshed;
  return again;
}

/// The recovery as it was: it reads the owner's latest ACTIVE row and hands it out whatever its type.
inline IssuingRules as_in_7901() {
  IssuingRules rules;
  rules.recovery = ViolationRecovery::kIgnoringType;
  rules.recovery_read = RecoveryRead::kLatest;
  return rules;
}

/// An issuer node at work on one request; other nodes may step in between.
class Node {
 public:
  Node(const IssuingRules& rules, const IssueRequest& request) : issuance_{rules, request} {}

  bool is_done() const {
    return next_ && (std::holds_alternative<Issued>(*next_) || std::holds_alternative<Refused>(*next_));
  }
  void step(TokenTable& table, sim::VirtualTime now) {
    if (!next_) {
      next_ = issuance_.begin(now);
    } else if (!is_done()) {
      next_ = advance(issuance_, *next_, table, now);
      ++table_steps_;
    }
  }
  void finish(TokenTable& table, sim::VirtualTime now) {
    while (!is_done()) step(table, now);
  }
  int table_steps() const { return table_steps_; }
  int violations() const { return issuance_.violations(); }

  /// Null if it was refused.
  const Issued* issued() const { return std::get_if<Issued>(&*next_); }
  OAuthError error() const {
    const auto* refused = std::get_if<Refused>(&*next_);
    return refused == nullptr ? OAuthError::kNone : refused->error;
  }

 private:
  Issuance issuance_;
  std::optional<Step> next_;
  int table_steps_{0};
};

/// Requires: it is not refused.
inline Issued issue(const IssuingRules& rules, const IssueRequest& request, TokenTable& table, sim::VirtualTime now) {
  Issuance issuance{rules, request};
  return std::get<Issued>(issue_now(issuance, table, now));
}

}  // namespace parallax::logic::tokens::testing
