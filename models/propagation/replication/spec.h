// How one replica follows another: parameters of a stream. Real products are sets of these with their sources
// (profiles.h).
#pragma once

#include <cstdint>

#include "models/propagation/replication/rules.h"
#include "sim/connection.h"
#include "sim/time.h"

namespace parallax::propagation::replication {

/// Which changes a stream carries, by where they were written first.
enum class Forwarding : std::uint8_t {
  kOwn,          ///< of the origin's own clients: two databases that follow each other do not loop
  kNotToOrigin,  ///< all but those of the target's
  kDataCenter,   ///< rows whose data-center column names the origin's, whoever wrote them: a publication's row filter
  kEverything,   ///< loop prevention is off: a change comes back to where it was made
};

/// Where the target keeps what it has received but not applied. Memory is lost when the apply stops or the connection
/// breaks, and shipped again; a trail is a queue on disk.
enum class Keeps : std::uint8_t { kMemory, kTrail };

/// What a commit at the origin waits for before its client hears of it.
enum class Synchronous : std::uint8_t { kOff, kReceived, kApplied };

struct RetrySpec {
  sim::Duration interval{sim::seconds(5)};  ///< after a failed apply
  bool at_once_if_old{true};                ///< no wait where the apply has run for longer than the interval
  std::uint32_t times{0};                   ///< then it is given up; 0: never
  sim::Duration operator_after{};    ///< from the stop until a person has the transaction left out; 0: nobody comes
  bool is_disabled_by_error{false};  ///< given up at the first failure, without a retry
};

struct StreamSpec {
  // Capture and shipping, at the origin.
  sim::Duration capture_delay{};    ///< from the commit until it is on its way
  sim::Duration ship_interval{};    ///< > 0: it leaves at a poll of this period
  std::uint32_t ship_batch{1'000};  ///< changes in a message at the most, but whole transactions; >= 1
  std::uint32_t transaction_packets{1};
  Forwarding forwarding{Forwarding::kOwn};
  bool ships_definitions{false};  ///< DDL too
  bool ships_truncations{true};
  bool keeps_home{false};  ///< rows under another law than the target's are not shipped
  domain::Jurisdiction target_jurisdiction{};

  // Delivery and apply, at the target.
  Keeps keeps{Keeps::kMemory};
  sim::Duration apply_interval{};  ///< > 0: begins at a poll of this period, and goes on until nothing is left
  sim::Duration apply_time{};      ///< for each change
  std::uint32_t apply_batch{100};  ///< changes that become visible together at the most, but whole transactions; >= 1
  bool flushed_by_wal_writer{false};  ///< what was applied can be shipped on only after the WAL writer's flush
  ApplyRules rules;
  RetrySpec retry;

  // The way between them. Without liveness at both ends a half-open connection would never be noticed by the end that
  // has nothing to say.
  sim::ConnectionSpec connection{.client_silence_timeout = sim::seconds(60),
                                 .server_silence_timeout = sim::seconds(60)};
  // Over datagrams the target asks for what it lacks at every reconnect_interval. Requires then: kMemory,
  // target_connects, and no image, which is larger than any datagram.
  bool target_connects{true};
  sim::Duration reconnect_interval{sim::seconds(5)};
  sim::Duration copy_time{};  ///< for each row of an image, when the target is initialised or resynchronised

  Synchronous synchronous{Synchronous::kOff};
  sim::Duration synchronous_for{};  ///< a commit waits no longer than this; 0: for ever
};

}  // namespace parallax::propagation::replication
