// A gateway that caches verdicts on tokens, a store of verdicts in another data center and the word of revocations, as
// in the measurements with Redis 7.0.15 (2026-11): a master in data center 1, where tokens are revoked, a replica
// beside the gateway in data center 2, in network namespaces joined by a link of known delay.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "models/propagation/broker/subscriber.h"
#include "models/propagation/replication/spec.h"
#include "sim/time.h"

namespace parallax::testbeds {

/// Whom the gateway asks when its cache says nothing.
enum class Asks : std::uint8_t { kMaster, kReplica };

/// Where it is subscribed to revocations, each of which has it drop its verdict.
enum class Hears : std::uint8_t { kNothing, kMaster, kReplica };

struct RevocationSetting {
  sim::Duration one_way{};
  sim::Duration jitter{};  ///< a packet takes one_way +- jitter, uniform
  Asks asks{};
  Hears hears{};
  std::optional<sim::Duration> cut{};           ///< both ways
  std::vector<sim::Duration> moments{};         ///< of the revocations in the cut, of at most as many tokens
  std::uint32_t tokens{60};                     ///< each revoked once
  sim::Duration period{sim::milliseconds(20)};  ///< of each token's requests
  sim::Duration cache_ttl{sim::seconds(3)};
  sim::Duration answer_within{sim::seconds(2)};  ///< else the request is denied, and nothing cached
  propagation::replication::StreamSpec replication;
  propagation::broker::SubscriberSpec subscriber;
};

/// A token from its revocation on, in milliseconds; nothing of what had not happened a minute after the last of them
/// and the heal.
struct Revoked {
  std::optional<double> denied_for_any_reason;  ///< its first request that was not admitted
  std::optional<double> denied;                 ///< its first one denied because it is revoked
  std::optional<double> denied_after_heal;      ///< the same, from the heal on
  bool was_overtaken;       ///< the old verdict was cached again after word of the revocation had come
  std::uint32_t receivers;  ///< that the broker counted
};

/// Every token of one run.
std::vector<Revoked> run_revocations(const RevocationSetting& setting, std::uint64_t seed);

}  // namespace parallax::testbeds
