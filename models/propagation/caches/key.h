// What caches of several nodes hold in common: a key, and a copy of what its source said. A copy keeps the instant at
// which it was written first and the record that told of it, wherever it goes, so that its age and its journey can be
// told at every member that holds one.
#pragma once

#include <compare>
#include <cstdint>

#include "models/domain/ids.h"
#include "sim/record.h"
#include "sim/time.h"

namespace parallax::propagation::caches {

/// `variant` tells the entries of one object apart: a token has one for each resource that it was used on.
struct Key {
  domain::ObjectRef object{domain::ObjectRef::nothing()};
  std::uint32_t variant{0};
  friend constexpr auto operator<=>(const Key&, const Key&) = default;
};

/// Stands for all entries of an object in what is to be forgotten.
inline constexpr std::uint32_t kAllVariants = 0xffff'fffe;

struct Copy {
  domain::Version version{};   ///< that its source had when it was loaded
  std::uint32_t hits{0};       ///< look-ups that the shared map has answered with it
  sim::VirtualTime written{};  ///< first
  sim::RecordId put{};         ///< the record that told of it last
  std::uint64_t note{0};       ///< what the host wants to find beside it
  friend constexpr bool operator==(const Copy&, const Copy&) = default;
};
static_assert(sizeof(Copy) == 32, "travels in an action with its key and an address");

}  // namespace parallax::propagation::caches
