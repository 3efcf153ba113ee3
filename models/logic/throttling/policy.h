// What a throttling tier means: a quota that counter stores count, a burst limit that gateways count, and, for API and
// resource policies, further quotas for groups of conditions.
#pragma once

#include <bit>
#include <cstdint>
#include <string>
#include <vector>

#include "models/logic/throttling/window.h"
#include "sim/time.h"

namespace parallax::logic::throttling {

/// So much in each window; counted by the request or, for bandwidth, by the byte of the message.
struct Quota {
  enum class Unit : std::uint8_t { kUnlimited, kRequests, kBytes };
  Unit unit{Unit::kUnlimited};
  std::uint64_t amount{0};  ///< > 0 unless unlimited; reaching it throttles
  WindowLength window{};

  friend constexpr bool operator==(const Quota&, const Quota&) = default;
};

constexpr Quota requests(std::uint64_t amount, WindowLength window) { return {Quota::Unit::kRequests, amount, window}; }
constexpr Quota bytes(std::uint64_t amount, WindowLength window) { return {Quota::Unit::kBytes, amount, window}; }

/// Spike arrest at the gateway, beside the quota. The window begins with the first request that it counts.
struct Burst {
  std::uint32_t requests{0};           ///< 0: no burst limit
  sim::Duration per{sim::seconds(1)};  ///< 1 s or 60 s in the products known to us; any positive length works

  friend constexpr bool operator==(Burst, Burst) = default;
};

/// Whether a subscription that has used its quota is refused, or goes on uncounted (and is invoiced for it).
enum class OnQuota : std::uint8_t { kStop, kLetThrough };

/// What an API or resource policy counts: all calls together, or each user's apart.
enum class PolicyScope : std::uint8_t { kAllUsers, kEachUser };

struct Policy {
  Quota quota{};                              ///< of an API or resource policy: for calls that match no group
  Burst burst{};                              ///< read for subscription and application policies
  OnQuota on_quota{OnQuota::kStop};           ///< read for subscription policies
  PolicyScope scope{PolicyScope::kAllUsers};  ///< read for API and resource policies
  std::vector<Quota> condition_groups{};      ///< element i is for _condition_(i+1); at most kConditionGroupsMax
  std::string name{};
};

inline constexpr std::size_t kConditionGroupsMax = 31;

/// Bit n: the call matches _condition_n, for n from 1; what a group's conditions are (address ranges, headers, query
/// parameters, token claims) the host evaluates at its edge. Bit 0, _default, is set where no other bit is.
using ConditionMask = std::uint32_t;
inline constexpr ConditionMask kDefaultGroup = 1;

/// The groups of `policy` that a call counts in: those of `matching` that the policy has, or else _default.
inline ConditionMask groups_in_force(const Policy& policy, ConditionMask matching) {
  const ConditionMask known = ((ConditionMask{2} << policy.condition_groups.size()) - 1) & ~kDefaultGroup;
  const ConditionMask groups = matching & known;
  return groups != 0 ? groups : kDefaultGroup;
}

/// Calls `visit` with the number of each group in `groups`, the least first: 0 for _default, n for _condition_n.
template <typename Visit>
constexpr void for_each_group(ConditionMask groups, Visit&& visit) {
  for (; groups != 0; groups &= groups - 1) visit(static_cast<std::uint8_t>(std::countr_zero(groups)));
}

}  // namespace parallax::logic::throttling
