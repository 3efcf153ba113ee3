#include "models/propagation/caches/ownership.h"

#include <cassert>

namespace parallax::propagation::caches {

namespace {

// SplitMix64's last step.
constexpr std::uint64_t mixed(std::uint64_t x) {
  x = (x ^ x >> 30) * 0xbf58'476d'1ce4'e5b9;
  x = (x ^ x >> 27) * 0x94d0'49bb'1331'11eb;
  return x ^ x >> 31;
}

std::uint64_t rank(std::uint32_t partition, MemberId member) {
  return mixed(mixed(partition + 1) + (index(member) + 1) * 0x9e37'79b9'7f4a'7c15);
}

Holders holders_of(std::uint32_t partition, Backups backups, const Roster& roster, SideSet present) {
  std::optional<MemberId> first;
  std::optional<MemberId> second;
  roster.visit(present, [&](MemberId member) {
    if (!first || rank(partition, member) > rank(partition, *first)) {
      second = first;
      first = member;
    } else if (!second || rank(partition, member) > rank(partition, *second)) {
      second = member;
    }
  });
  assert(first);
  return {*first, backups == Backups::kOne ? second : std::nullopt};
}

}  // namespace

Ownership::Ownership(std::uint32_t partitions, Backups backups, const Roster& roster, SideSet present) {
  for (std::uint32_t partition = 0; partition < partitions; ++partition) {
    table_.push_back(holders_of(partition, backups, roster, present));
  }
}

std::uint32_t Ownership::partition_of(const Key& key) const {
  const std::uint64_t word = static_cast<std::uint64_t>(key.object.packed) << 32;
  return static_cast<std::uint32_t>(mixed(word + 0x9e37'79b9'7f4a'7c15) % table_.size());
}

}  // namespace parallax::propagation::caches
