#include "tests/models/support/oracle.h"

#include <algorithm>
#include <optional>
#include <set>

namespace parallax::test {

namespace {

using audit::DecisionError;
using audit::Why;
using domain::ChangeKind;
using domain::ObjectRef;
using domain::Outcome;
using domain::RecordKind;

bool takes_away(ChangeKind change) {
  return change == ChangeKind::kTokenRevoked || change == ChangeKind::kApiRetired ||
         change == ChangeKind::kSubscriptionBlocked;
}

enum class State { kMissing, kGood, kBad };

// One acknowledged write after the other; objects are named by their packed reference.
class Copy {
 public:
  explicit Copy(const domain::Catalog& catalog) : catalog_{catalog} {
    for (std::uint32_t i = 0; i < catalog.tokens.size(); ++i) {
      const ObjectRef token = ObjectRef::of(domain::TokenId{i});
      state_[token.packed] = State::kGood;
      expires_[token.packed] = catalog.tokens[i].expires.ns;
      application_[token.packed] = static_cast<std::uint32_t>(catalog.tokens[i].application);
      version_[token.packed] = domain::initial_version(domain::Standing::kActive);
    }
    for (std::uint32_t i = 0; i < catalog.apis.size(); ++i) {
      const bool is_there = catalog.apis[i].initially == domain::Standing::kActive;
      state_[ObjectRef::of(domain::ApiId{i}).packed] = is_there ? State::kGood : State::kMissing;
    }
    for (std::uint32_t i = 0; i < catalog.subscriptions.size(); ++i) {
      const bool is_there = catalog.subscriptions[i].initially == domain::Standing::kActive;
      state_[ObjectRef::of(domain::SubscriptionId{i}).packed] = is_there ? State::kGood : State::kMissing;
    }
  }

  void invoked(const domain::ChangeInvoked& change) { ++in_flight_[change.object.packed]; }

  void abandoned(const domain::ChangeAbandoned& change) { --in_flight_[change.object.packed]; }

  void acknowledged(const domain::ChangeAcknowledged& change, std::int64_t now) {
    const std::uint32_t object = change.object.packed;
    --in_flight_[object];
    acknowledged_[object] = now;
    last_change_[object] = change.change;
    version_[object] = std::max(version_[object], change.version);
    state_[object] = takes_away(change.change) ? State::kBad : State::kGood;
    if (change.change != ChangeKind::kTokenIssued) return;
    expires_[object] = change.expires.ns;
    application_[object] = static_cast<std::uint32_t>(change.application);
  }

  std::optional<domain::SubscriptionId> subscription(domain::TokenId token, domain::ApiId api) const {
    const auto application = application_.find(ObjectRef::of(token).packed);
    if (application == application_.end()) return std::nullopt;
    for (std::uint32_t i = 0; i < catalog_.subscriptions.size(); ++i) {
      const domain::Subscription& s = catalog_.subscriptions[i];
      if (static_cast<std::uint32_t>(s.application) == application->second && s.api == api) {
        return domain::SubscriptionId{i};
      }
    }
    return std::nullopt;
  }

  // The first object that speaks against the request; nothing if it is to be let through (quota apart).
  std::optional<ObjectRef> obstacle(domain::TokenId token, domain::ApiId api, std::int64_t now) const {
    const ObjectRef api_ref = ObjectRef::of(api);
    if (state_.at(api_ref.packed) != State::kGood) return api_ref;
    const ObjectRef token_ref = ObjectRef::of(token);
    const auto known = state_.find(token_ref.packed);
    if (known == state_.end() || known->second != State::kGood || now >= expires_.at(token_ref.packed)) {
      return token_ref;
    }
    const auto of_it = subscription(token, api);
    if (!of_it) return ObjectRef::of(domain::kNoSubscription);
    if (state_.at(ObjectRef::of(*of_it).packed) != State::kGood) return ObjectRef::of(*of_it);
    return std::nullopt;
  }

  bool has_expired(domain::TokenId token, std::int64_t now) const {
    const auto known = expires_.find(ObjectRef::of(token).packed);
    return known != expires_.end() && now >= known->second;
  }

  bool knows_all(domain::TokenId token, domain::Version version) const {
    return version_.at(ObjectRef::of(token).packed) <= version;
  }

  bool in_doubt(ObjectRef object, std::int64_t now) const {
    const auto flights = in_flight_.find(object.packed);
    const auto last = acknowledged_.find(object.packed);
    return (flights != in_flight_.end() && flights->second > 0) || (last != acknowledged_.end() && last->second == now);
  }

  Why last_change(ObjectRef object) const { return static_cast<Why>(last_change_.at(object.packed)); }

 private:
  const domain::Catalog& catalog_;
  std::map<std::uint32_t, State> state_;
  std::map<std::uint32_t, std::int64_t> expires_;
  std::map<std::uint32_t, domain::Version> version_;
  std::map<std::uint32_t, std::uint32_t> application_;
  std::map<std::uint32_t, int> in_flight_;
  std::map<std::uint32_t, std::int64_t> acknowledged_;
  std::map<std::uint32_t, ChangeKind> last_change_;
};

class Judge {
 public:
  explicit Judge(const domain::Catalog& catalog) : catalog_{catalog}, copy_{catalog} {}

  void read(const sim::Record& record) {
    switch (domain::kind_of(record.body)) {
      case RecordKind::kChangeInvoked:
        return copy_.invoked(domain::ChangeInvoked::unpack(record.body));
      case RecordKind::kChangeAcknowledged:
        return copy_.acknowledged(domain::ChangeAcknowledged::unpack(record.body), record.time.ns);
      case RecordKind::kChangeAbandoned:
        return copy_.abandoned(domain::ChangeAbandoned::unpack(record.body));
      case RecordKind::kRequestDecided:
        return decided(domain::RequestDecided::unpack(record.body), record.time.ns);
      default:
        return;
    }
  }

  Verdicts verdicts;

 private:
  void decided(const domain::RequestDecided& d, std::int64_t now) {
    const auto obstacle = copy_.obstacle(d.token, d.api, now);
    const auto subscription = copy_.subscription(d.token, d.api);
    const std::uint64_t* used = subscription ? used_quota(*subscription, now) : nullptr;
    const bool exhausted = used != nullptr && *used >= limit(*subscription)->requests;
    if (d.outcome == Outcome::kAdmitted) {
      if (exhausted) {
        wrong(DecisionError::kWrongAllow, Why::kQuota, d, now);
      } else if (obstacle && !in_doubt(d, now)) {
        const Why why = copy_.has_expired(d.token, now) ? Why::kTokenExpiry : copy_.last_change(*obstacle);
        wrong(DecisionError::kWrongAllow, why, d, now);
      }
      if (used != nullptr) ++used_[{*subscription, window_start(*subscription, now)}];
    } else if (!obstacle && !exhausted && !in_doubt(d, now)) {
      wrong(DecisionError::kWrongDeny, reason(d), d, now);
    }
  }

  // What a refusal that nothing speaks for was about.
  Why reason(const domain::RequestDecided& d) const {
    if (d.outcome == Outcome::kQuotaExceeded) return Why::kQuota;
    if (d.outcome == Outcome::kApiUnknown) return copy_.last_change(ObjectRef::of(d.api));
    const bool is_for_token = d.outcome == Outcome::kTokenInvalid || d.outcome == Outcome::kTokenExpired;
    if (is_for_token && copy_.knows_all(d.token, d.token_version)) return Why::kTokenExpiry;
    if (is_for_token) return copy_.last_change(ObjectRef::of(d.token));
    return copy_.last_change(ObjectRef::of(*copy_.subscription(d.token, d.api)));
  }

  bool in_doubt(const domain::RequestDecided& d, std::int64_t now) const {
    const auto subscription = copy_.subscription(d.token, d.api);
    return copy_.in_doubt(ObjectRef::of(d.api), now) || copy_.in_doubt(ObjectRef::of(d.token), now) ||
           (subscription && copy_.in_doubt(ObjectRef::of(*subscription), now));
  }

  const std::optional<domain::Limit>& limit(domain::SubscriptionId id) const {
    return catalog_.tiers[domain::index(catalog_.subscriptions[domain::index(id)].tier)].limit;
  }
  std::int64_t window_start(domain::SubscriptionId id, std::int64_t now) const {
    return now / limit(id)->window.ns * limit(id)->window.ns;
  }
  const std::uint64_t* used_quota(domain::SubscriptionId id, std::int64_t now) {
    return limit(id) ? &used_[{id, window_start(id, now)}] : nullptr;
  }

  void wrong(DecisionError error, Why why, const domain::RequestDecided& d, std::int64_t now) {
    ++verdicts.by_why[{error, why}];
    ++verdicts.by_minute[{domain::index(d.node), static_cast<std::size_t>(now / sim::minutes(1).ns), error}];
  }

  const domain::Catalog& catalog_;
  Copy copy_;
  std::map<std::tuple<domain::SubscriptionId, std::int64_t>, std::uint64_t> used_;
};

}  // namespace

Verdicts judge_again(const Run& run) {
  Judge judge{run.catalog};
  for (const sim::Record& record : run.journal) judge.read(record);
  return judge.verdicts;
}

Verdicts verdicts_of(const audit::Findings& findings) {
  Verdicts verdicts;
  for (const auto& [key, count] : findings.wrong) {
    verdicts.by_why[{std::get<DecisionError>(key), std::get<Why>(key)}] += count;
  }
  for (std::size_t node = 0; node < findings.minutes.size(); ++node) {
    for (std::size_t minute = 0; minute < findings.minutes[node].size(); ++minute) {
      const audit::MinuteCounts& counts = findings.minutes[node][minute];
      if (counts.wrong_allow > 0) verdicts.by_minute[{node, minute, DecisionError::kWrongAllow}] = counts.wrong_allow;
      if (counts.wrong_deny > 0) verdicts.by_minute[{node, minute, DecisionError::kWrongDeny}] = counts.wrong_deny;
    }
  }
  return verdicts;
}

}  // namespace parallax::test
