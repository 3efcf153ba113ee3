#include "sim/partition.h"

#include <algorithm>
#include <cassert>
#include <map>
#include <numeric>

namespace parallax::sim {

namespace {

constexpr Duration kLeastLookahead = microseconds(1);

// Where nothing bounds a window it ends here, so that limits are tested and readers served now and then.
constexpr Duration kLongestWindow = milliseconds(100);

/// By the number of one of the near sites.
std::vector<std::size_t> near_groups(std::size_t sites, const std::vector<LinkSpec>& links) {
  std::vector<std::size_t> group(sites);
  std::iota(group.begin(), group.end(), std::size_t{0});
  const auto root = [&group](std::size_t site) {
    while (group[site] != site) site = group[site];
    return site;
  };
  for (const LinkSpec& link : links) {
    if (link.delay.least() < kLeastLookahead) group[root(index(link.from))] = root(index(link.to));
  }
  for (std::size_t site = 0; site < sites; ++site) group[site] = root(site);
  return group;
}

}  // namespace

Partition divide(std::size_t sites, const std::vector<LinkSpec>& links, unsigned threads) {
  assert(threads > 0);
  const std::vector<std::size_t> groups = near_groups(sites, links);
  Partition partition{{}, 0, 1, kLongestWindow};
  for (const LinkSpec& link : links) {
    if (groups[index(link.from)] == groups[index(link.to)]) continue;
    partition.lookahead = std::min(partition.lookahead, link.delay.least());
  }
  std::map<std::size_t, std::size_t> process_of_group;
  for (std::size_t site = 0; site < sites; ++site) {
    const std::size_t group = threads == 1 ? 0 : groups[site];
    partition.process_of.push_back(process_of_group.try_emplace(group, process_of_group.size()).first->second);
  }
  partition.processes = process_of_group.size();
  partition.threads = std::min(threads, std::max(1U, static_cast<unsigned>(partition.processes)));
  return partition;
}

}  // namespace parallax::sim
