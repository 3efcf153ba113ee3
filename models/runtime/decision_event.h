// A traffic manager's decision as an event. Of a subscription: other levels have no object in the journal yet.
#pragma once

#include <cstdint>

#include "models/domain/catalog.h"
#include "models/logic/throttling/decision_table.h"
#include "models/propagation/broker/event.h"

namespace parallax::runtime {

/// The expiry, by the traffic manager's clock, and whether it is throttled until then, take the 64 bits of version and
/// detail. A clock that is behind may show a time before the epoch: the sign stays.
struct DecisionEvent {
  domain::SubscriptionId subscription;
  sim::VirtualTime expiry;
  bool is_throttled;

  void write_to(propagation::broker::Event& event) const {
    const std::uint64_t packed = static_cast<std::uint64_t>(expiry.ns) << 1 | std::uint64_t{is_throttled};
    event.object = domain::ObjectRef::of(subscription);
    event.version = {static_cast<std::uint32_t>(packed >> 32)};
    event.detail = static_cast<std::uint32_t>(packed);
  }
  static DecisionEvent read(const propagation::broker::Event& event) {
    const std::uint64_t packed = std::uint64_t{event.version.packed} << 32 | event.detail;
    return {static_cast<domain::SubscriptionId>(event.object.id()),
            sim::VirtualTime{static_cast<std::int64_t>(packed) >> 1}, (packed & 1) != 0};
  }

  logic::throttling::DecisionMessage decision(const domain::Catalog& catalog) const {
    const domain::Subscription& of = catalog.subscriptions[domain::index(subscription)];
    return {logic::throttling::ThrottleKey::subscription(of.application, of.api, of.tier), expiry, is_throttled};
  }
};

}  // namespace parallax::runtime
