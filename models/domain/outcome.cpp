#include "models/domain/outcome.h"

namespace parallax::domain {

namespace {

struct Row {
  Outcome outcome;
  std::string_view name;
  Answer answer;
};

constexpr std::array kRows{
    Row{Outcome::kAdmitted, "admitted", {200, 0}},
    Row{Outcome::kPreflight, "preflight", {200, 0}},
    Row{Outcome::kApiUnknown, "api_unknown", {404, 404}},
    Row{Outcome::kResourceUnknown, "resource_unknown", {404, 404}},
    Row{Outcome::kVerbUnknown, "verb_unknown", {405, 405}},
    Row{Outcome::kResourceForbidden, "resource_forbidden", {403, 900906}},
    Row{Outcome::kApiBlocked, "api_blocked", {503, 700700}},
    Row{Outcome::kCredentialsMissing, "credentials_missing", {401, 900902}},
    Row{Outcome::kTokenInvalid, "token_invalid", {401, 900901}},
    Row{Outcome::kTokenExpired, "token_expired", {401, 900903}},
    Row{Outcome::kValidationUnavailable, "validation_unavailable", {500, 900900}},
    Row{Outcome::kSubscriptionBlocked, "subscription_blocked", {401, 900907}},
    Row{Outcome::kSubscriptionInactive, "subscription_inactive", {401, 900909}},
    Row{Outcome::kSubscriptionMissing, "subscription_missing", {403, 900908}},
    Row{Outcome::kScopeMissing, "scope_missing", {403, 900910}},
    Row{Outcome::kRequestBlocked, "request_blocked", {403, 900805}},
    Row{Outcome::kApiQuotaExceeded, "api_quota_exceeded", {429, 900800}},
    Row{Outcome::kResourceQuotaExceeded, "resource_quota_exceeded", {429, 900802}},
    Row{Outcome::kQuotaExceeded, "quota_exceeded", {429, 900804}},
    Row{Outcome::kSubscriptionBurst, "subscription_burst", {429, 900807}},
    Row{Outcome::kApplicationQuotaExceeded, "application_quota_exceeded", {429, 900803}},
    Row{Outcome::kApplicationBurst, "application_burst", {429, 900809}},
    Row{Outcome::kCustomQuotaExceeded, "custom_quota_exceeded", {429, 900806}},
    Row{Outcome::kHardLimitExceeded, "hard_limit_exceeded", {503, 900801}},
    Row{Outcome::kBackendUnreachable, "backend_unreachable", {503, 101503}},
    Row{Outcome::kBackendTimeout, "backend_timeout", {504, 101504}},
    Row{Outcome::kUnavailable, "unavailable", {503, 0}},
};

constexpr bool every_outcome_has_its_row() {
  for (std::size_t i = 0; i < kRows.size(); ++i) {
    if (kRows[i].outcome != kOutcomes[i]) return false;
  }
  return kRows.size() == kOutcomes.size();
}
static_assert(every_outcome_has_its_row());

const Row& row(Outcome outcome) { return kRows[static_cast<std::size_t>(outcome)]; }

}  // namespace

Answer answer_of(Outcome outcome) { return row(outcome).answer; }

std::string_view name_of(Outcome outcome) { return row(outcome).name; }

}  // namespace parallax::domain
