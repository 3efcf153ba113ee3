// The rows of the product facts about tokens that this folder covers, by their words: each default and each rule at one
// place, so that a changed default shows here.
#include <catch2/catch.hpp>

#include "models/logic/tokens/authorization_codes.h"
#include "models/logic/tokens/gateway_timers.h"
#include "models/logic/tokens/memory_token_table.h"
#include "models/logic/tokens/revocation_receiver.h"
#include "models/logic/tokens/revoker.h"
#include "tests/models/logic/tokens/issuing.h"

namespace parallax::logic::tokens {
namespace {

using testing::at;
using testing::issue;
using testing::request;
using testing::text;

struct Fact {
  const char* words;
  bool (*holds)();
};

bool same_token_comes_back() {
  MemoryTokenTable table;
  issue({}, request(TokenType::kOpaque, 1), table, at(0));
  return issue({}, request(TokenType::kOpaque, 2), table, at(1)).row.id == domain::TokenId{1};
}

bool jwt_revokes_previous() {
  MemoryTokenTable table;
  issue({}, request(TokenType::kJwt, 1), table, at(0));
  return issue({}, request(TokenType::kJwt, 2), table, at(1)).revoked.has_value() &&
         table.find(domain::TokenId{1})->state == TokenState::kRevoked;
}

bool renewed_without_revoking() {
  IssuingRules rules;
  rules.jwt_renewal = JwtRenewal::kKeepPrevious;
  MemoryTokenTable table;
  issue(rules, request(TokenType::kJwt, 1, Grant::kClientCredentials), table, at(0));
  return !issue(rules, request(TokenType::kJwt, 2, Grant::kClientCredentials), table, at(1)).revoked;
}

bool jwt_request_makes_event() {
  MemoryTokenTable table;
  RevocationTable revoked;
  issue({}, request(TokenType::kJwt, 1), table, at(0));
  const Issued second = issue({}, request(TokenType::kJwt, 2), table, at(1));
  return Revoker{table, revoked}.announce(*second.revoked, at(1)).events.size() == 1;
}

bool not_persisted() {
  IssuingRules rules;
  rules.jwt_persistence = JwtPersistence::kNotStored;
  MemoryTokenTable table;
  issue(rules, request(TokenType::kJwt, 1, Grant::kClientCredentials), table, at(0));
  return table.size() == 0;
}

// Each column of the key alone tells two ACTIVE rows apart, and nothing else does.
bool key_columns() {
  AccessToken row;
  row.id = domain::TokenId{0};
  MemoryTokenTable table;
  table.insert(row);
  int inserted = 0;
  std::uint32_t id = 0;
  for (auto change :
       {+[](AccessToken& r) { r.key.client = domain::ClientId{1}; },
        +[](AccessToken& r) { r.key.user = domain::UserId{1}; },
        +[](AccessToken& r) { r.key.tenant = domain::TenantId{1}; },
        +[](AccessToken& r) { r.key.user_type = UserType::kApplicationUser; },
        +[](AccessToken& r) { r.key.scope_hash = text(1); }, +[](AccessToken& r) { r.key.binding = BindingRef{1}; },
        +[](AccessToken& r) { r.state = TokenState::kExpired; },
        +[](AccessToken& r) { r.state = TokenState::kExpired; },        // another state id
        +[](AccessToken& r) { r.type = TokenType::kJwt; },              // not of the key
        +[](AccessToken& r) { r.token = text(1); },                     // not of the key
        +[](AccessToken& r) { r.data_center = domain::SiteId{1}; }}) {  // not without DCID
    AccessToken other = row;
    other.id = domain::TokenId{++id};
    change(other);
    inserted += table.insert(other) == Insertion::kInserted ? 1 : 0;
  }
  return inserted == 8;
}

bool two_active_rows_with_dcid() {
  MemoryTokenTable table{DataCenterInKey::kYes};
  AccessToken row;
  row.id = domain::TokenId{1};
  table.insert(row);
  row.id = domain::TokenId{2};
  const bool is_refused = table.insert(row) == Insertion::kKeyViolation;
  row.data_center = domain::SiteId{1};
  return is_refused && table.insert(row) == Insertion::kInserted;
}

bool uncached_opaque_is_not_recorded() {
  RevokedMap map;
  const RevocationEvent event{.kind = RevocationKind::kOpaque, .token = text(1), .revoked = at(0), .expires = at(9)};
  return receive(map, event, Cached::kNo) == CacheAction::kNothing && map.tokens() == 0;
}

bool restart_pulls_lost_messages() {
  MemoryTokenTable table;
  RevocationTable revoked;
  issue({}, request(TokenType::kJwt, 1), table, at(0));
  Revoker{table, revoked}.revoke(domain::TokenId{1}, at(1));  // its message is lost
  RevokedMap map;
  const bool works_before = !map.has_token(text(1'001));
  merge(map, revoked.list());
  return works_before && map.has_token(text(1'001));
}

const Fact kFacts[] = {
    {"App and user tokens 3600 s",
     [] {
       return IssuingRules{}.application_token_validity == sim::seconds(3'600) &&
              IssuingRules{}.user_token_validity == sim::seconds(3'600);
     }},
    {"refresh 24 h", [] { return IssuingRules{}.refresh_validity == sim::seconds(24 * 3'600); }},
    {"auth code 300 s", [] { return AuthorizationCodes::Options{}.validity == sim::seconds(300); }},
    {"Opaque: the same ACTIVE token comes back for the same client + user + scope set while valid",
     same_token_comes_back},
    {"JWT: the previous token is revoked and a new one issued on each request", jwt_revokes_previous},
    {"unless renew-without-revoking is on", renewed_without_revoking},
    {"every JWT request also makes a revocation event", jwt_request_makes_event},
    {"oauth.token_persistence.enable=false", not_persisted},
    {"CON_APP_KEY (unique): CONSUMER_KEY_ID, AUTHZ_USER, TENANT_ID, ... later TOKEN_BINDING_REF", key_columns},
    {"On violation: up to 5 retries", [] { return IssuingRules{}.violation_retries_max == 5; }},
    {"With DCID two ACTIVE rows, one per DC, can coexist after replication", two_active_rows_with_dcid},
    {"Opaque: if not cached, nothing is recorded", uncached_opaque_is_not_recorded},
    {"Map cleaner: first run 120 s, then every 45 min",
     [] { return CleanerOptions{}.first == sim::seconds(120) && CleanerOptions{}.period == sim::seconds(2'700); }},
    {"the revoked list is pulled once, 1000 ms after start",
     [] { return PullTimer::Options{}.after_start == sim::seconds(1); }},
    {"reconnect does not re-pull revoked tokens",
     [] { return PullTimer::Options{}.on_reconnect == OnReconnect::kNothing; }},
    {"A JWT then works on that gateway until exp or restart", restart_pulls_lost_messages},
};

TEST_CASE("the facts about tokens hold, each by its words") {
  for (const Fact& fact : kFacts) {
    INFO(fact.words);
    CHECK(fact.holds());
  }
}

}  // namespace
}  // namespace parallax::logic::tokens
