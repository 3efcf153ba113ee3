#include "models/logic/throttling/check.h"

namespace parallax::logic::throttling {

namespace {

using domain::Outcome;

// One check: its steps leave their answer in result_ and say whether to go on.
class Check {
 public:
  Check(Limits& limits, const Subject& subject, sim::VirtualTime now) : limits_{limits}, subject_{subject}, now_{now} {}

  CheckResult run() {
    (void)(pass_blocking() && pass_operation() && pass_subscription() && pass_application() && pass_custom() &&
           pass_hard_limit());
    return result_;
  }

 private:
  bool pass_blocking() {
    if (limits_.blocking.empty() || !limits_.blocking.blocks(subject_)) return true;
    return refuse(Outcome::kRequestBlocked, sim::kNever);
  }

  bool pass_operation() {
    const Level level = operation_level(subject_);
    const domain::TierId tier = operation_tier(subject_);
    if (tier == domain::kUnlimited || limits_.decisions.knows_none(level)) return true;
    const Policy* policy = limits_.policies.find(tier);
    if (policy == nullptr) return true;
    const sim::VirtualTime until = limits_.decisions.throttled_until(
        operation_key(subject_, *policy), groups_in_force(*policy, subject_.matching_groups), now_);
    if (until < now_) return true;
    return refuse(level == Level::kApi ? Outcome::kApiQuotaExceeded : Outcome::kResourceQuotaExceeded, until);
  }

  bool pass_subscription() {
    if (subject_.subscription_tier == domain::kUnlimited) return true;
    const Policy* policy = limits_.policies.find(subject_.subscription_tier);
    const sim::VirtualTime until = throttled_until(Level::kSubscription, subscription_key(subject_));
    if (until >= now_) {
      if (policy == nullptr || policy->on_quota == OnQuota::kStop) return refuse(Outcome::kQuotaExceeded, until);
      result_.publish = Publish::kNo;
      return false;
    }
    if (policy == nullptr || policy->burst.requests == 0 || subject_.subscription == domain::kNoSubscription) {
      return true;
    }
    return pass(limits_.bursts.admit_subscription(subject_, policy->burst, now_), CountedLimit::kSubscriptionBurst,
                Outcome::kSubscriptionBurst);
  }

  bool pass_application() {
    if (subject_.application_tier == domain::kUnlimited) return true;
    const sim::VirtualTime until = throttled_until(Level::kApplication, application_key(subject_));
    if (until >= now_) return refuse(Outcome::kApplicationQuotaExceeded, until);
    const Policy* policy = limits_.policies.find(subject_.application_tier);
    if (policy == nullptr || policy->burst.requests == 0) return true;
    return pass(limits_.bursts.admit_application(subject_, policy->burst, now_), CountedLimit::kApplicationBurst,
                Outcome::kApplicationBurst);
  }

  bool pass_custom() {
    if (limits_.decisions.knows_none(Level::kCustom)) return true;
    for (const KeyTemplate& one : limits_.templates.all()) {
      const sim::VirtualTime until = limits_.decisions.throttled_until(expand(one, subject_, limits_.key_secret), now_);
      if (until >= now_) return refuse(Outcome::kCustomQuotaExceeded, until);
    }
    return true;
  }

  bool pass_hard_limit() {
    return pass(limits_.hard_limits.admit(subject_, now_), CountedLimit::kHardLimit, Outcome::kHardLimitExceeded);
  }

  sim::VirtualTime throttled_until(Level level, ThrottleKey key) {
    if (limits_.decisions.knows_none(level)) return DecisionTable::kNotThrottled;
    return limits_.decisions.throttled_until(key, now_);
  }

  bool pass(const AnchoredLimiter::Verdict& verdict, CountedLimit limit, Outcome refusal) {
    if (verdict.has_asked_shared) ++result_.shared_calls;
    if (verdict.went_synchronous) {
      result_.went_synchronous =
          static_cast<std::uint8_t>(result_.went_synchronous | 1U << static_cast<unsigned>(limit));
    }
    return verdict.is_admitted || refuse(refusal, verdict.window_end);
  }

  bool refuse(Outcome outcome, sim::VirtualTime next_access) {
    result_.outcome = outcome;
    result_.publish = Publish::kNo;
    result_.next_access = next_access;
    return false;
  }

  Limits& limits_;
  const Subject& subject_;
  sim::VirtualTime now_;
  CheckResult result_{};
};

}  // namespace

CheckResult check(Limits& limits, const Subject& subject, sim::VirtualTime now) {
  return Check{limits, subject, now}.run();
}

void go_synchronous(Limits& limits, const Subject& subject, CountedLimit limit, sim::VirtualTime now) {
  if (limit == CountedLimit::kHardLimit) return limits.hard_limits.go_synchronous(subject, now);
  const bool is_subscription = limit == CountedLimit::kSubscriptionBurst;
  const Policy* policy = limits.policies.find(is_subscription ? subject.subscription_tier : subject.application_tier);
  if (policy == nullptr || policy->burst.requests == 0) return;
  if (is_subscription && subject.subscription == domain::kNoSubscription) return;
  if (is_subscription) {
    limits.bursts.go_synchronous_subscription(subject, policy->burst, now);
  } else {
    limits.bursts.go_synchronous_application(subject, policy->burst, now);
  }
}

}  // namespace parallax::logic::throttling
