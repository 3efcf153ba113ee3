// Which member owns which partition of the shared map, and which one keeps its backup: a function of the members alone,
// so that all who know the same members agree. Each partition ranks all members (rendezvous hashing; Thaler and
// Ravishankar, 1998); the first present is the owner, the next one has the backup. When an owner leaves, the backup is
// the owner from then on, as Hazelcast promotes it; when members come, partitions move to them only.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "models/propagation/caches/key.h"
#include "models/propagation/caches/roster.h"

namespace parallax::propagation::caches {

struct Holders {
  MemberId owner;
  std::optional<MemberId> backup;

  bool has(MemberId member) const { return owner == member || backup == member; }
  friend bool operator==(const Holders&, const Holders&) = default;
};

enum class Backups : std::uint8_t { kNone, kOne };

class Ownership {
 public:
  /// Requires: partitions > 0, a member among `present`.
  Ownership(std::uint32_t partitions, Backups backups, const Roster& roster, SideSet present);

  /// The same for all variants of an object (Hazelcast's PartitionAware keys): what is known of it goes together.
  std::uint32_t partition_of(const Key& key) const;
  const Holders& of(const Key& key) const { return table_[partition_of(key)]; }
  const std::vector<Holders>& table() const { return table_; }
  friend bool operator==(const Ownership&, const Ownership&) = default;

 private:
  std::vector<Holders> table_;  ///< by partition
};

}  // namespace parallax::propagation::caches
