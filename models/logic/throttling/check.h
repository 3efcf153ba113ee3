// What a gateway decides about one call (carbon-apimgt ThrottleHandler), in this order, and the first reason to refuse
// is the answer:
//   1. blocking conditions
//   2. API policy, or else resource policy
//   3. subscription quota
//   4. subscription burst
//   5. application quota
//   6. application burst
//   7. custom policies
//   8. hard limit
//   9. admitted: one event is published, from which counter stores count all levels
//
// Nothing is published of a refused request, so it never counts towards a quota; a burst window that it has passed
// before being refused has counted it. A subscription whose policy does not stop on quota goes through unpublished, and
// what follows is not checked.
//
// Quotas are decided by what counter stores have told this gateway; if they fall silent, entries run to their expiry
// and then everybody passes: the gateway fails open. Whatever has no limit at a level, and a level at which nobody is
// throttled, costs no look-up.
#pragma once

#include <cstdint>

#include "models/domain/outcome.h"
#include "models/logic/caches/digest.h"
#include "models/logic/throttling/blocking_conditions.h"
#include "models/logic/throttling/burst_limiter.h"
#include "models/logic/throttling/decision_table.h"
#include "models/logic/throttling/hard_limits.h"
#include "models/logic/throttling/key_templates.h"
#include "models/logic/throttling/policy_table.h"
#include "models/logic/throttling/subject.h"

namespace parallax::logic::throttling {

struct LimitOptions {
  LateDecision late_decision{LateDecision::kHeed};
  AnchoredLimiterOptions bursts{};
  AnchoredLimiterOptions hard_limits{};
  caches::DigestSecret key_secret{};  ///< the same on all gateways and counter stores of a deployment
};

/// Everything that one gateway throttles by. The host fills `policies`, `blocking` and `templates` from what it pulls
/// and is pushed, and hands decision messages to `decisions`.
struct Limits {
  /// `shared` is null if both scopes are kNode; it outlives this.
  Limits(const LimitOptions& options, SharedCounter* shared)
      : decisions{options.late_decision},
        bursts{options.bursts, shared},
        hard_limits{options.hard_limits, shared},
        key_secret{options.key_secret} {}

  PolicyTable policies{};
  BlockingConditions blocking{};
  KeyTemplates templates{};
  DecisionTable decisions;
  BurstLimiter bursts;
  HardLimits hard_limits;
  caches::DigestSecret key_secret;
};

enum class Publish : std::uint8_t { kNo, kYes };

/// Limits counted by the gateway itself.
enum class CountedLimit : std::uint8_t { kSubscriptionBurst, kApplicationBurst, kHardLimit };

struct CheckResult {
  sim::VirtualTime next_access{sim::kNever};  ///< of a refused call, for Retry-After; kNever: nobody knows
  domain::Outcome outcome{domain::Outcome::kAdmitted};
  Publish publish{Publish::kYes};
  std::uint8_t shared_calls{0};      ///< how often a shared counter was asked before the answer
  std::uint8_t went_synchronous{0};  ///< bit i: CountedLimit i ; the host tells the other gateways of this subject
};
static_assert(sizeof(CheckResult) == 16);

CheckResult check(Limits& limits, const Subject& subject, sim::VirtualTime now);

/// What another gateway's CheckResult::went_synchronous asks of this one.
void go_synchronous(Limits& limits, const Subject& subject, CountedLimit limit, sim::VirtualTime now);

/// Reports bursts and hard limits of scope kGlobal and learns the totals. Every AnchoredLimiterOptions::sync_period.
inline void synchronise(Limits& limits) {
  limits.bursts.synchronise();
  limits.hard_limits.synchronise();
}

/// Frees what is over and will not be looked at again: housekeeping, some times a minute. Visits everything.
inline void sweep(Limits& limits, sim::VirtualTime now) {
  limits.decisions.sweep(now);
  limits.bursts.sweep(now);
}

}  // namespace parallax::logic::throttling
