// Burst limits of a gateway: a subscription's and an application's, each counted by its key and limited by its policy
// to so many requests in 1 s or 60 s from the first.
#pragma once

#include <boost/unordered/unordered_flat_map.hpp>
#include <cstdint>
#include <vector>

#include "models/logic/throttling/anchored_limiter.h"
#include "models/logic/throttling/subject.h"

namespace parallax::logic::throttling {

class BurstLimiter {
 public:
  /// `shared` as for AnchoredLimiter.
  BurstLimiter(const AnchoredLimiterOptions& options, SharedCounter* shared)
      : subscriptions_{options, shared}, applications_{options, shared} {}

  /// Requires: the subject has a subscription; limit.requests > 0.
  AnchoredLimiter::Verdict admit_subscription(const Subject& subject, Burst limit, sim::VirtualTime now) {
    return subscriptions_.admit(slot_of(subject.subscription), subscription_key(subject), limit, now);
  }
  /// Requires: limit.requests > 0.
  AnchoredLimiter::Verdict admit_application(const Subject& subject, Burst limit, sim::VirtualTime now) {
    const ThrottleKey key = application_key(subject);
    return applications_.admit(slot_of(key), key, limit, now);
  }

  void go_synchronous_subscription(const Subject& subject, Burst limit, sim::VirtualTime now) {
    subscriptions_.go_synchronous(slot_of(subject.subscription), subscription_key(subject), limit, now);
  }
  void go_synchronous_application(const Subject& subject, Burst limit, sim::VirtualTime now) {
    const ThrottleKey key = application_key(subject);
    applications_.go_synchronous(slot_of(key), key, limit, now);
  }

  /// See AnchoredLimiter.
  void synchronise() {
    subscriptions_.synchronise();
    applications_.synchronise();
  }
  void set_gateways(std::uint32_t gateways) {
    subscriptions_.set_gateways(gateways);
    applications_.set_gateways(gateways);
  }

  void reserve_subscriptions(std::uint32_t subscriptions) { subscriptions_.reserve(subscriptions); }
  /// To be called as soon as the subscription is known: with 10^6 of them its counter is not in the processor's caches.
  void prefetch(domain::SubscriptionId subscription) const { subscriptions_.prefetch(slot_of(subscription)); }

  /// Forgets applications' users whose window is over. For the host's housekeeping: it visits them all.
  void sweep(sim::VirtualTime now);

 private:
  static std::uint32_t slot_of(domain::SubscriptionId id) { return static_cast<std::uint32_t>(domain::index(id)); }
  std::uint32_t slot_of(ThrottleKey application);

  AnchoredLimiter subscriptions_;  ///< slots by SubscriptionId
  AnchoredLimiter applications_;   ///< slots by application_slots_
  boost::unordered_flat_map<ThrottleKey, std::uint32_t> application_slots_;
  std::vector<std::uint32_t> free_;
};

}  // namespace parallax::logic::throttling
