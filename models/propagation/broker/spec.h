// Senders, subscribers and bridges of brokers: their parameters.
#pragma once

#include <cassert>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <optional>

#include "models/domain/ids.h"
#include "models/domain/topic.h"
#include "sim/connection.h"
#include "sim/time.h"

namespace parallax::propagation::broker {

/// Topics as a set.
class TopicSet {
 public:
  static constexpr std::uint16_t kMost = 64;

  TopicSet() = default;
  TopicSet(std::initializer_list<domain::TopicId> topics) {
    for (const domain::TopicId topic : topics) add(topic);
  }
  static TopicSet all() {
    TopicSet set;
    set.bits_ = ~std::uint64_t{0};
    return set;
  }
  void add(domain::TopicId topic) { bits_ |= bit(topic); }
  bool has(domain::TopicId topic) const { return (bits_ & bit(topic)) != 0; }

 private:
  static std::uint64_t bit(domain::TopicId topic) {
    assert(static_cast<std::uint16_t>(topic) < kMost);
    return std::uint64_t{1} << static_cast<unsigned>(topic);
  }
  std::uint64_t bits_{0};
};

/// How a host goes: without power nothing is said and nothing heard; of a process that ends its host tells the peers,
/// and refuses whoever connects.
enum class HostLoss : std::uint8_t { kPower, kProcess };

/// The defaults are those of carbon-apimgt (common.jms JMSTaskManager; gateway's broker URL retries=5,
/// connectdelay=50): it tries at once, looks for up to 5 s whether that has helped, then sleeps for
/// min(greatest, initial x 2), x 4, ...
struct ReconnectSpec {
  std::uint32_t tries_per_url{5};
  sim::Duration connect_delay{sim::milliseconds(50)};  ///< between a try that has failed and the next one of a round
  /// A round lasts so long unless it succeeds; what is being tried then is given up. 0: until all URLs have failed.
  sim::Duration patience{sim::seconds(5)};
  sim::Duration initial_pause{sim::seconds(10)};
  std::uint32_t pause_factor{2};  ///< before each pause; >= 1
  sim::Duration greatest_pause{sim::minutes(60)};
};

enum class WhenDown : std::uint8_t {
  kDrop,    ///< as carbon-apimgt's JMS publishers do (wso2/api-manager 2347)
  kBuffer,  ///< until it is connected again; what was under way is lost
  kRetry,   ///< the same, and what was under way is sent again
};

enum class Overflow : std::uint8_t { kDropNewest, kDropOldest };

struct SenderSpec {
  WhenDown when_down{WhenDown::kDrop};
  std::size_t capacity{32'768};  ///< events that wait
  Overflow overflow{Overflow::kDropNewest};
  sim::Duration batch_interval{};  ///< > 0: the first event waits so long for others; then all leave
  std::uint32_t batch_size{200};   ///< or when there are so many
  sim::Duration local_delay{};     ///< on the way to a broker of the same site
  ReconnectSpec reconnect;
  sim::ConnectionSpec connection;
};

/// The subscriber asks for a sign of life so often, and gives the connection up if none has come so long after.
struct LivenessSpec {
  sim::Duration interval;
  sim::Duration give_up_after;
};

struct SubscriberSpec {
  TopicSet topics{TopicSet::all()};
  ReconnectSpec reconnect;
  /// While connected to another broker it tries the first of its list so often, and goes back to it; 0: never
  /// (wso2/api-manager 3542).
  sim::Duration fail_back_interval{};
  /// Without it a connection that is dead at the other end only is never noticed.
  std::optional<LivenessSpec> liveness{};
  sim::Duration event_waiting{};        ///< before each event, by the thread that acts on it
  TopicSet waits{TopicSet::all()};      ///< others are acted upon at once
  std::size_t event_ids_remembered{0};  ///< events that have come before are skipped
  sim::Duration local_delay{};          ///< on the way from a broker of the same site
  sim::ConnectionSpec connection;
};

enum class DeadTarget : std::uint8_t {
  kOnItsOwn,   ///< each target has its own publisher
  kBlocksAll,  ///< nothing goes to any, nor to the own subscribers, while one is not connected
};

enum class Passes : std::uint8_t {
  kPublishedHere,
  /// What has come from another node of the site too. Of two nodes that tell each other and both bridge to the same
  /// target each brings it the event (wso2/api-manager 4441).
  kOfTheSite,
};

struct BridgeSpec {
  Passes passes{Passes::kPublishedHere};
  domain::NodeId first_of_site{};  ///< with kOfTheSite: its nodes
  domain::NodeId last_of_site{};
  TopicSet topics{TopicSet::all()};
  DeadTarget dead_target{DeadTarget::kOnItsOwn};
  std::size_t capacity{32'768};  ///< events that wait for a target that blocks; then the newest are dropped
};

}  // namespace parallax::propagation::broker
