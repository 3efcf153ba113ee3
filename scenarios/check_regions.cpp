#include <fmt/format.h>

#include <set>
#include <string>
#include <utility>
#include <vector>

#include "scenarios/expect_place.h"
#include "scenarios/sense.h"
#include "scenarios/wording.h"

namespace parallax::scenarios {
namespace {

using Direction = std::pair<std::string, std::string>;

std::vector<Direction> directions_of(const schema::Replication& replication) {
  std::vector<Direction> directions{{replication.from(), replication.to()}};
  if (!replication.one_way()) directions.emplace_back(replication.to(), replication.from());
  return directions;
}

}  // namespace

void check_preferences(const schema::Scenario& scenario, Reporter& reporter) {
  for (const schema::Region& region : scenario.regions()) {
    if (region.prefers().empty() && scenario.sites_size() > 1) {
      reporter.report(region,
                      fmt::format("region {} does not say which sites it prefers; expected prefers: \"...\" for "
                                  "each site that its DNS may answer with, the best first",
                                  quoted(region.name())));
    }
    for (int i = 0; i < region.tokens_from_size(); ++i) {
      expect_site(region, "tokens_from", region.tokens_from(i), scenario, reporter, i);
    }
    std::set<std::string> seen;
    for (int i = 0; i < region.prefers_size(); ++i) {
      const std::string& site = region.prefers(i);
      if (!is_site(scenario, site) && is_region(scenario, site)) {
        reporter.report(region, "prefers", fmt::format("{} is a region; expected a site", quoted(site)), i);
      } else if (!seen.insert(site).second) {
        reporter.report(
            region, "prefers",
            fmt::format("region {} prefers {} twice; expected each site once", quoted(region.name()), quoted(site)), i);
      }
    }
  }
}

void check_replications(const schema::Scenario& scenario, Reporter& reporter) {
  std::set<Direction> seen;
  for (const schema::Replication& replication : scenario.replications()) {
    for (const std::string* end : {&replication.from(), &replication.to()}) {
      if (is_site(scenario, *end) || !is_region(scenario, *end)) continue;
      reporter.report(replication, end == &replication.from() ? "from" : "to",
                      fmt::format("{} is a region and has no database; expected a site", quoted(*end)));
    }
    if (replication.from().empty() || replication.to().empty()) continue;
    if (replication.from() == replication.to()) {
      reporter.report(replication, "to",
                      fmt::format("replication from {} to itself; expected another site", quoted(replication.from())));
      continue;
    }
    for (const auto& [from, to] : directions_of(replication)) {
      if (seen.emplace(from, to).second) continue;
      reporter.report(replication, fmt::format("{} is replicated to {} twice; expected one replication for each "
                                               "direction (it goes both ways unless it is one_way)",
                                               quoted(from), quoted(to)));
      break;
    }
  }
}

}  // namespace parallax::scenarios
