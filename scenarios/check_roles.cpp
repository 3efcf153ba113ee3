#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <string>

#include "scenarios/check_word.h"
#include "scenarios/expect_place.h"
#include "scenarios/nodes.h"
#include "scenarios/sense.h"
#include "scenarios/wording.h"

namespace parallax::scenarios {
namespace {

using runtime::Part;

void check_roles_of(const schema::Site& site, Reporter& reporter) {
  const schema::TrafficManager& manager = site.traffic_manager();
  check_word(manager, "policies", manager.policies(), policies_words(), reporter);
  if (manager.policies() != "known" && !has_part(site, Part::kControlPlane)) {
    reporter.report(manager, "policies",
                    fmt::format("no node of {} is a control plane that could be asked; expected policies: \"known\"",
                                quoted(site.name())));
  }
  std::set<std::string> seen;
  for (const schema::Role& role : site.roles()) {
    check_words(role, "parts", role.parts(), part_words(), reporter);
    for (int i = 0; i < role.nodes_size(); ++i) {
      const std::string& name = role.nodes(i);
      if (!find_node(site, name)) report_unknown_node(role, "nodes", i, name, site, reporter);
      if (seen.insert(name).second) continue;
      reporter.report(role, "nodes", fmt::format("{} has a role already; expected one role a node", quoted(name)), i);
    }
  }
}

void check_writer(const schema::Scenario& scenario, const schema::Write& write, Reporter& reporter) {
  const schema::Site* site = site_of(scenario, write);
  if (site == nullptr || site->roles().empty()) return;
  const bool is_of_tokens = write.has_revoke_tokens() || write.has_request_tokens();
  const Part needed = is_of_tokens ? Part::kKeyManager : Part::kControlPlane;
  if (has_part(*site, needed)) return;
  reporter.report(
      write, "name",
      fmt::format("write {} is made by a {}, and no node of {} is one; expected another site, or a role "
                  "with that part",
                  quoted(write.name()), part_words()[static_cast<std::size_t>(needed)], quoted(site->name())));
}

void check_tokens_of(const schema::Scenario& scenario, Reporter& reporter) {
  for (const schema::Site& site : scenario.sites()) {
    const schema::KeyManager& manager = site.key_manager();
    const std::string& first = scenario.sites(0).key_manager().tokens();
    check_word(manager, "tokens", manager.tokens(), token_words(), reporter);
    const auto words = token_words();
    const auto is_word = [&](const std::string& text) {
      return std::find(words.begin(), words.end(), text) != words.end();
    };
    if (manager.tokens() == first || !is_word(manager.tokens()) || !is_word(first)) continue;
    reporter.report(manager, "tokens",
                    fmt::format("{} tokens, but {} has {} ones; expected the same at all sites",
                                quoted(manager.tokens()), quoted(scenario.sites(0).name()), quoted(first)));
  }
}

// Tokens run out, and limits are nobody's business, where the part is missing.
void check_parts_needed(const schema::Scenario& scenario, Reporter& reporter) {
  const auto& tiers = scenario.catalog().tiers();
  const bool has_limits =
      std::any_of(tiers.begin(), tiers.end(), [](const auto& tier) { return !tier.limit().empty(); });
  for (const schema::Site& site : scenario.sites()) {
    if (!has_limits || site.roles().empty() || !has_part(site, Part::kGateway) ||
        has_part(site, Part::kTrafficManager) || !is_counted_at(site, site.name())) {
      continue;
    }
    reporter.report(
        site, "roles",
        fmt::format("tiers have limits, and no node of {} is a traffic_manager that would count its requests",
                    quoted(site.name())));
  }
  for (const schema::Region& region : scenario.regions()) {
    for (int i = 0; i < region.prefers_size(); ++i) {
      const schema::Site* site = site_named(scenario, region.prefers(i));
      if (site == nullptr || has_part(*site, Part::kKeyManager)) continue;
      reporter.report(
          region, "prefers",
          fmt::format("clients ask for new tokens at {}, and no node there is a key_manager", quoted(site->name())), i);
    }
  }
}

}  // namespace

void check_roles(const schema::Scenario& scenario, Reporter& reporter) {
  for (const schema::Site& site : scenario.sites()) check_roles_of(site, reporter);
  check_tokens_of(scenario, reporter);
  check_parts_needed(scenario, reporter);
  for (const schema::Write& write : scenario.workload().writes()) check_writer(scenario, write, reporter);
  for (const schema::Region& region : scenario.regions()) {
    for (int i = 0; i < region.prefers_size(); ++i) {
      const schema::Site* site = site_named(scenario, region.prefers(i));
      if (site == nullptr || has_part(*site, Part::kGateway)) continue;
      reporter.report(region, "prefers",
                      fmt::format("{} has no gateway; expected a site that has one", quoted(site->name())), i);
    }
  }
}

}  // namespace parallax::scenarios
