// What events between nodes are about. Brokers have a topic for each (carbon-apimgt jndi2-cp.properties.j2).
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "models/domain/ids.h"

namespace parallax::domain {

enum class Topic : std::uint16_t {
  kTokenRevocation,
  kNotification,  ///< APIs deployed and removed
  kThrottleData,  ///< who is over a limit
};

inline constexpr std::array kTopics{Topic::kTokenRevocation, Topic::kNotification, Topic::kThrottleData};

/// Of requests on their way to be counted: no broker's topic.
inline constexpr TopicId kCountedRequests{kTopics.size()};

constexpr TopicId id_of(Topic topic) { return static_cast<TopicId>(topic); }
constexpr Topic topic_of(TopicId id) { return static_cast<Topic>(id); }

/// The name in scenarios and metrics: "token_revocation".
constexpr std::string_view name_of(Topic topic) {
  switch (topic) {
    case Topic::kTokenRevocation:
      return "token_revocation";
    case Topic::kNotification:
      return "notification";
    case Topic::kThrottleData:
      return "throttle_data";
  }
  return "unknown";
}

}  // namespace parallax::domain
