// Geo DNS as the clients of one region see it: a health checker, the authority's answers and the region's recursive
// resolvers. (Providers answer from anycast locations with checkers all over the world, so all three are near the
// clients.)
//
// A check is sent to each data center every `interval`; one without a good answer within `timeout` has failed. After
// `fall` failures in a row the data center leaves the answers, after `rise` good ones it is back. The answer is the
// first data center of the region's list that is in; with none in, the first (all unhealthy counts as all healthy). One
// that operators have drained is not in the list, unless all are.
// A resolver asks the authority when its cached answer is older than `ttl`.
//
// Detection after a silent loss: U(0, interval) + (fall - 1) interval + timeout; then each resolver's clients follow
// within the rest of its TTL.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "models/domain/journal.h"
#include "models/steering/directory.h"
#include "models/steering/drains.h"
#include "sim/site.h"

namespace parallax::steering {

struct DnsSpec {
  sim::Duration ttl{};
  sim::Duration check_interval{};
  sim::Duration check_timeout{};
  std::uint32_t fall{1};
  std::uint32_t rise{1};
  std::uint32_t resolvers{1};
};

/// Of which host name. What befalls the name of the APIs is told in the journal.
enum class Name : std::uint8_t { kApis, kTokenEndpoint };

class RegionalDns final : public Directory {
 public:
  /// `preferred`: the data centers in the order of preference of this region; at least one. `label` tells its random
  /// streams apart.
  RegionalDns(sim::Site& region, const std::string& label, Name name, const DnsSpec& spec,
              std::vector<FrontDoor*> preferred);

  sim::Site& region() const { return region_; }

  void start();

  // At the region: by order its answers do not lead to a data center, or do again. Each answer that would is touched.
  void drain(sim::SiteId data_center, std::uint32_t fault) { drains_.begin(sim::index(data_center), fault); }
  void restore(sim::SiteId data_center, std::uint32_t fault) { drains_.end(sim::index(data_center), fault); }

  /// At once. Sessions are spread over the resolvers by their numbers.
  void find(Seeker& seeker, SessionId session, std::uint64_t question, Way way) override;

 private:
  struct Target {
    FrontDoor* door;
    bool is_in{true};
    std::uint32_t streak{0};    ///< results in a row that contradict is_in
    std::uint64_t check{0};     ///< number of the last check sent
    std::uint64_t answered{0};  ///< number of the last check with a good answer
  };
  struct Cache {
    std::size_t target{0};
    sim::VirtualTime expires{-1};
  };

  /// Where the clients behind this resolver go now.
  FrontDoor& resolve(std::uint32_t resolver);
  /// Another data center than `resolve` says; the same if there is no other.
  FrontDoor& elsewhere(std::uint32_t resolver);
  void check(std::size_t target);
  void conclude(std::size_t target, std::uint64_t check);
  bool is_drained(const Target& target) const { return drains_.holds(sim::index(target.door->site())); }
  std::size_t answer();
  std::size_t answer_without_drained();

  sim::Site& region_;
  std::string label_;
  Name name_;
  DnsSpec spec_;
  std::vector<Target> targets_;
  std::vector<Cache> caches_;
  Drains drains_;
};

}  // namespace parallax::steering
