// What a cluster of caches is made of. The defaults are those of Hazelcast 3.x (GroupProperty, MapConfig,
// InvocationBuilder), which carbon-kernel keeps.
#pragma once

#include <cstdint>

#include "models/propagation/caches/merge_policy.h"
#include "models/propagation/caches/ownership.h"
#include "sim/connection.h"
#include "sim/time.h"

namespace parallax::propagation::caches {

struct CacheClusterSpec {
  std::uint32_t partitions{271};   ///< hazelcast.partition.count
  Backups backups{Backups::kOne};  ///< MapConfig.DEFAULT_BACKUP_COUNT 1; synchronous
  /// From the write. 0: none (MapConfig.DEFAULT_TTL_SECONDS): members' sweepers see to it (OnExpiry), and what no
  /// member has in its own memory any more stays.
  sim::Duration map_ttl{};
  sim::Duration local_delay{};  ///< from one member to another of its site

  sim::Duration call_timeout{sim::seconds(60)};       ///< hazelcast.operation.call.timeout.millis
  sim::Duration backup_timeout{sim::seconds(5)};      ///< hazelcast.operation.backup.timeout.millis
  sim::Duration retry_pause{sim::milliseconds(500)};  ///< hazelcast.invocation.retry.pause.millis

  sim::Duration heartbeat_interval{sim::seconds(5)};        ///< hazelcast.heartbeat.interval.seconds
  sim::Duration most_without_heartbeat{sim::seconds(300)};  ///< hazelcast.max.no.heartbeat.seconds; 60 from 3.10 on
  sim::Duration merge_first_run{sim::seconds(300)};         ///< hazelcast.merge.first.run.delay.seconds
  sim::Duration merge_next_run{sim::seconds(120)};          ///< hazelcast.merge.next.run.delay.seconds
  sim::Duration join_timeout{sim::seconds(20)};             ///< hazelcast.max.join.merge.target.seconds
  sim::Duration wait_before_join{sim::seconds(5)};          ///< hazelcast.wait.seconds.before.join
  MergePolicy merge_policy{MergePolicy::kPutIfAbsent};

  sim::Duration reconnect_interval{sim::seconds(1)};
  sim::ConnectionSpec connection{.connect_timeout = sim::seconds(5)};
};

enum class CopyAge : std::uint8_t { kSinceWrite, kSinceArrival };

/// What becomes of the shared entry when a member's sweeper finds its copy too old.
enum class OnExpiry : std::uint8_t {
  kRemoveEverywhere,  ///< carbon-kernel: the first sweeper to come ends it for all
  kDropHere,
};

struct TwoLevelSpec {
  CopyAge copy_age{CopyAge::kSinceWrite};
  OnExpiry on_expiry{OnExpiry::kRemoveEverywhere};
};

enum class OnReceipt : std::uint8_t {
  kForget,      ///< removeLocal: tells nobody
  kRemoveAnew,  ///< tells all others if the entry was there (product-apim 9468)
};

enum class Tells : std::uint8_t { kRemovals, kPutsToo };

struct ClusterInvalidationSpec {
  OnReceipt on_receipt{OnReceipt::kForget};
  Tells tells{Tells::kRemovals};
};

}  // namespace parallax::propagation::caches
