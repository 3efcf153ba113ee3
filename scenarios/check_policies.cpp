// Policies that change during the run: which tier, to what, and who hears of it.
#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <string>
#include <vector>

#include "scenarios/nodes.h"
#include "scenarios/sense.h"
#include "scenarios/units.h"
#include "scenarios/wording.h"

namespace parallax::scenarios {

using runtime::Part;

namespace {

const schema::Tier* tier_named(const schema::Scenario& scenario, const std::string& name) {
  const auto& tiers = scenario.catalog().tiers();
  const auto found = std::find_if(tiers.begin(), tiers.end(), [&](const auto& tier) { return tier.name() == name; });
  return found == tiers.end() ? nullptr : &*found;
}

void report_unknown_tier(const schema::Scenario& scenario, const schema::ChangePolicy& change, Reporter& reporter) {
  std::vector<std::string> names;
  for (const schema::Tier& tier : scenario.catalog().tiers()) names.push_back(tier.name());
  reporter.report(change, "tier",
                  fmt::format("unknown tier {}{}", quoted(change.tier()), suggestion(change.tier(), "tiers", names)));
}

void check_limit(const schema::Tier& tier, const schema::ChangePolicy& change, Reporter& reporter) {
  if (tier.limit().empty()) {
    return reporter.report(change, "tier",
                           fmt::format("tier {} has no limit; expected one that has", quoted(tier.name())));
  }
  const auto before = parse_rate(tier.limit()).value;
  const auto after = parse_rate(change.limit()).value;
  if (!before || !after) return;
  if (change.limit().find('.') < change.limit().find('/')) {
    reporter.report(change, "limit",
                    fmt::format("limit {} counts parts of requests; expected a whole number", quoted(change.limit())));
  } else if (before->per != after->per) {
    reporter.report(change, "limit",
                    fmt::format("limit {} has another window than tier {}, whose limit is {}; expected the same",
                                quoted(change.limit()), quoted(tier.name()), quoted(tier.limit())));
  } else if (after->count > std::numeric_limits<std::uint32_t>::max()) {
    reporter.report(change, "limit",
                    fmt::format("limit {} is too great; expected at most {}", quoted(change.limit()),
                                std::numeric_limits<std::uint32_t>::max()));
  }
}

/// Whether a traffic manager of the site that changes the policy is told of it by one of its control planes.
bool hears_at_home(const schema::Site& site, const std::string& node) {
  const auto& events = site.events();
  if (events.subscriptions().empty() || events.tells_site()) return true;
  const auto covers = [&](const schema::Subscription& subscription) {
    const auto& nodes = subscription.nodes();
    const auto& topics = subscription.topics();
    const std::string topic{name_of(domain::Topic::kNotification)};
    return (nodes.empty() || std::find(nodes.begin(), nodes.end(), node) != nodes.end()) &&
           (topics.empty() || std::find(topics.begin(), topics.end(), topic) != topics.end());
  };
  const auto is_control_plane = [&](const std::string& broker) {
    const auto place = find_node(site, broker);
    return place && parts_of(site)[*place].has(Part::kControlPlane);
  };
  return std::any_of(events.subscriptions().begin(), events.subscriptions().end(), [&](const auto& subscription) {
    const auto& brokers = subscription.brokers();
    return covers(subscription) && (brokers.empty() || std::any_of(brokers.begin(), brokers.end(), is_control_plane));
  });
}

void check_hears_at_home(const schema::Write& write, const schema::Site& site, Reporter& reporter) {
  const std::vector<runtime::PartSet> parts = parts_of(site);
  for (std::size_t i = 0; i < parts.size(); ++i) {
    const std::string& node = site.nodes(static_cast<int>(i));
    if (!parts[i].has(Part::kTrafficManager) || hears_at_home(site, node)) continue;
    reporter.report(
        site.events(),
        fmt::format("nobody tells traffic manager {} that write {} changes a policy; expected a subscription "
                    "to a control plane's notifications, or tells_site: true",
                    quoted(node), quoted(write.name())));
  }
}

// A traffic manager asks its own site's control plane once it has heard.
void check_hears(const schema::Scenario& scenario, const schema::Write& write, const schema::Site& source,
                 const schema::Site& site, Reporter& reporter) {
  if (!has_part(site, Part::kTrafficManager)) return;
  if (!site.has_events() || (&site != &source && !hears(scenario, site, source.name(), domain::Topic::kNotification))) {
    const std::string cure = site.has_events() ? fmt::format("bridges {{ from: {} to: {} }} or a subscription there",
                                                             quoted(source.name()), quoted(site.name()))
                                               : "events { }";
    reporter.report(site, "name",
                    fmt::format("nobody tells traffic managers of {} that write {} changes a policy at {}; expected {}",
                                quoted(site.name()), quoted(write.name()), quoted(source.name()), cure));
  } else if (!has_part(site, Part::kControlPlane)) {
    reporter.report(
        site, "roles",
        fmt::format("traffic managers of {} ask its control plane for the policy that write {} changes, and "
                    "no node there is one",
                    quoted(site.name()), quoted(write.name())));
  } else if (&site == &source) {
    check_hears_at_home(write, site, reporter);
  }
}

}  // namespace

void check_policy_changes(const schema::Scenario& scenario, Reporter& reporter) {
  for (const schema::Write& write : scenario.workload().writes()) {
    if (!write.has_change_policy()) continue;
    const schema::ChangePolicy& change = write.change_policy();
    if (!write.until().empty()) {
      reporter.report(
          write, "until",
          fmt::format("write {} changes a policy once, at its from; expected no until", quoted(write.name())));
    }
    if (const schema::Tier* tier = tier_named(scenario, change.tier())) {
      check_limit(*tier, change, reporter);
    } else if (!change.tier().empty()) {
      report_unknown_tier(scenario, change, reporter);
    }
    const schema::Site* source = site_of(scenario, write);
    if (source == nullptr) continue;
    for (const schema::Site& site : scenario.sites()) check_hears(scenario, write, *source, site, reporter);
  }
}

}  // namespace parallax::scenarios
