#include "models/propagation/broker/profiles.h"

#include <array>

namespace parallax::propagation::broker {

using sim::milliseconds;
using sim::seconds;

// Sources: carbon-apimgt, common.jms JMSTaskManager (the ladder), core.feature jndi2-cp.properties.j2 (retries=5,
// connectdelay=50, topics); AMQP 0-9-1's connection.tune: the client of Andes and Qpid beats every 30 s and gives up
// after two beats without an answer. Subscriptions are non-durable; there is no way back to the first URL
// (wso2/api-manager 3542).
SubscriberSpec carbon_jms() {
  SubscriberSpec spec;
  spec.liveness = LivenessSpec{seconds(30), seconds(30)};
  // TCP, protocol header and start, tune, open; a session and its topic: our count of what the client waits for.
  spec.connection.handshake_round_trips = 5;
  spec.connection.server_silence_timeout = seconds(60);
  spec.connection.messages_per_packet = 2;  // some 600 bytes of base64 JSON each
  return spec;
}

// wso2/api-manager 2347: nothing is kept while the other region cannot be reached.
SenderSpec carbon_jms_publisher() {
  SenderSpec spec;
  spec.when_down = WhenDown::kDrop;
  spec.connection = carbon_jms().connection;
  spec.connection.client_silence_timeout = seconds(60);
  return spec;
}

// carbon-analytics-common, org.wso2.carbon.databridge.agent: QueueSize 32768 and what does not fit is dropped,
// ReconnectionInterval 30 s, SocketTimeoutMS 30000; BatchSize 200, but a ring that runs empty is flushed at once.
SenderSpec carbon_data_bridge() {
  SenderSpec spec;
  spec.when_down = WhenDown::kBuffer;
  spec.capacity = 32'768;
  spec.reconnect.tries_per_url = 1;
  spec.reconnect.patience = {};
  spec.reconnect.initial_pause = seconds(30);
  spec.reconnect.pause_factor = 1;
  spec.reconnect.greatest_pause = seconds(30);
  spec.connection.client_silence_timeout = seconds(30);
  spec.connection.messages_per_packet = 4;  // some 300 bytes each: our count of the stream's attributes
  return spec;
}

// Sources: Redis 7.0 pubsub.c (who is subscribed gets it, nothing is kept), networking.c; measured with redis-py,
// 2026-11. `tcp-keepalive 300` finds a dead client after some 5 minutes at the server.
SubscriberSpec redis_pubsub() {
  SubscriberSpec spec;
  spec.reconnect.tries_per_url = 1;
  spec.reconnect.patience = {};
  spec.reconnect.initial_pause = seconds(1);
  spec.reconnect.pause_factor = 1;
  spec.reconnect.greatest_pause = seconds(1);
  spec.connection.connect_timeout = seconds(1);
  spec.connection.server_silence_timeout = seconds(400);
  spec.connection.messages_per_packet = 34;  // a message of a short channel and key is some 42 bytes
  return spec;
}

SubscriberSpec redis_pubsub_checked() {
  SubscriberSpec spec = redis_pubsub();
  spec.liveness = LivenessSpec{seconds(1), seconds(1)};
  return spec;
}

std::span<const SubscriberProfile> subscriber_profiles() {
  static constexpr std::array<SubscriberProfile, 3> kProfiles{
      {{"carbon_jms", carbon_jms}, {"redis_pubsub", redis_pubsub}, {"redis_pubsub_checked", redis_pubsub_checked}}};
  return kProfiles;
}

std::optional<SubscriberSpec> subscriber_profile_named(std::string_view name) {
  for (const SubscriberProfile& profile : subscriber_profiles()) {
    if (profile.name == name) return profile.spec();
  }
  return std::nullopt;
}

}  // namespace parallax::propagation::broker
