// Brokers and their clients as real products have them, as parameters. Each number has its source in profiles.cpp.
#pragma once

#include <optional>
#include <span>
#include <string_view>

#include "models/propagation/broker/bridge.h"
#include "models/propagation/broker/sender.h"
#include "models/propagation/broker/subscriber.h"

namespace parallax::propagation::broker {

/// A gateway of WSO2 API Manager 4.x, subscribed to the JMS topics of its event hub.
SubscriberSpec carbon_jms();

/// Its custom JMS publishers to other regions.
SenderSpec carbon_jms_publisher();

/// What tells traffic managers of requests: WSO2's data bridge agent.
SenderSpec carbon_data_bridge();

/// A client of Redis 7 pub/sub that asks for no sign of life, and comes back once a second when its connection breaks.
SubscriberSpec redis_pubsub();

/// The same with a health check: it asks each second and waits a second for the answer.
SubscriberSpec redis_pubsub_checked();

struct SubscriberProfile {
  std::string_view name;
  SubscriberSpec (*spec)();
};
std::span<const SubscriberProfile> subscriber_profiles();

/// Nothing if there is none of that name.
std::optional<SubscriberSpec> subscriber_profile_named(std::string_view name);

}  // namespace parallax::propagation::broker
