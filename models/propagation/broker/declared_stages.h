// What brokers say of their stages. Events of one topic that waits are acted upon one after the other.
#pragma once

#include "models/domain/declared_stage.h"
#include "models/propagation/broker/spec.h"

namespace parallax::propagation::broker {

/// From the instant at which an event is published at one broker until it is at another one.
inline domain::DeclaredStages declared_stages(const SenderSpec& spec, const domain::WaySpan& way, bool is_local) {
  const sim::Duration local = is_local ? spec.local_delay : sim::Duration{};
  return {domain::stage_up_to(domain::Stage::kEventBatching, spec.batch_interval),
          domain::stage_over(domain::Stage::kBroker, way, local, local)};
}

/// From the instant at which it is at a broker until the subscriber acts on it.
inline domain::DeclaredStages declared_stages(const SubscriberSpec& spec, domain::TopicId topic,
                                              const domain::WaySpan& way, bool is_local) {
  const sim::Duration local = is_local ? spec.local_delay : sim::Duration{};
  const sim::Duration waits = spec.waits.has(topic) ? spec.event_waiting : sim::Duration{};
  return {domain::stage_over(domain::Stage::kBroker, way, local, local),
          {domain::Stage::kEventWaiting, waits, waits, {}, true}};
}

}  // namespace parallax::propagation::broker
