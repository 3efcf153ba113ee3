// An authority in one data center, a caching resolver and its clients in another, as in the measurements with NSD 4.6.1
// and Unbound 1.17.1 (2026-11): network namespaces joined by a link of 20 ms each way. Many names, each asked for by a
// client of its own at a phase of its own; at one instant all of them get a new address.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "models/steering/dns/resolver.h"
#include "sim/time.h"

namespace parallax::testbeds {

/// Names of one TTL.
struct NameGroup {
  sim::Duration ttl;
  sim::Duration poll;  ///< each name is asked for so often
  std::uint32_t names;
};

struct ResolverSetting {
  steering::dns::ResolverSpec resolver;
  sim::Duration one_way{sim::milliseconds(20)};
  std::vector<NameGroup> groups;
  std::optional<sim::Duration> cut{};  ///< the new addresses are set in its midst
  sim::Duration negative_ttl{sim::seconds(5)};
};

/// A name from the change on, or from the heal if there is a cut; milliseconds. Nothing of what did not happen.
struct NameSeen {
  std::uint32_t group;
  std::optional<double> new_address{};
  std::optional<double> first_failure{};                ///< from the beginning of the cut
  std::optional<double> first_success_after_failure{};  ///< from the heal
};

/// Every name of one run: one draw of what the names share.
std::vector<NameSeen> run_resolver(const ResolverSetting& setting, std::uint64_t seed);

}  // namespace parallax::testbeds
