// Who may be in a cluster: nodes, each at a side, which is what one site has of the cluster. The network within a site
// does not fail by itself, so a side is in the cluster as a whole or is not.
#pragma once

#include <bit>
#include <cassert>
#include <cstdint>
#include <utility>
#include <vector>

#include "models/domain/ids.h"

namespace parallax::propagation::caches {

enum class MemberId : std::uint8_t {};  ///< the eldest first
enum class SideId : std::uint8_t {};

constexpr std::size_t index(MemberId id) { return static_cast<std::size_t>(id); }
constexpr std::size_t index(SideId id) { return static_cast<std::size_t>(id); }

class SideSet {
 public:
  static constexpr std::size_t kMost = 32;

  SideSet() = default;
  static SideSet only(SideId side) { return SideSet{}.with(side); }

  bool has(SideId side) const { return (bits_ & bit(side)) != 0; }
  bool has_all(SideSet others) const { return (others.bits_ & ~bits_) == 0; }
  bool meets(SideSet others) const { return (bits_ & others.bits_) != 0; }
  SideSet with(SideId side) const { return SideSet{bits_ | bit(side)}; }
  SideSet without(SideId side) const { return SideSet{bits_ & ~bit(side)}; }
  SideSet shared_with(SideSet others) const { return SideSet{bits_ & others.bits_}; }

  /// Requires: not empty.
  SideId first() const {
    assert(bits_ != 0);
    return static_cast<SideId>(std::countr_zero(bits_));
  }
  friend bool operator==(SideSet, SideSet) = default;

 private:
  explicit SideSet(std::uint32_t bits) : bits_{bits} {}
  static std::uint32_t bit(SideId side) { return std::uint32_t{1} << index(side); }
  std::uint32_t bits_{0};
};

struct Member {
  SideId side;
  domain::NodeId node;
};

/// By MemberId.
class Roster {
 public:
  explicit Roster(std::vector<Member> members) : members_{std::move(members)} {}

  std::size_t size() const { return members_.size(); }
  const Member& operator[](MemberId id) const { return members_[index(id)]; }

  std::size_t count_in(SideSet sides) const {
    std::size_t count = 0;
    visit(sides, [&](MemberId) { ++count; });
    return count;
  }

  template <typename Visit>
  void visit(SideSet sides, Visit&& visitor) const {
    for (std::size_t i = 0; i < members_.size(); ++i) {
      if (sides.has(members_[i].side)) visitor(static_cast<MemberId>(i));
    }
  }

 private:
  std::vector<Member> members_;
};

}  // namespace parallax::propagation::caches
