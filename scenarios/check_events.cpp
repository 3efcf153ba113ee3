#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <string>
#include <vector>

#include "models/domain/topic.h"
#include "models/world/brokers.h"
#include "scenarios/check_word.h"
#include "scenarios/compile_events.h"
#include "scenarios/expect_place.h"
#include "scenarios/nodes.h"
#include "scenarios/profiles.h"
#include "scenarios/sense.h"
#include "scenarios/wording.h"

namespace parallax::scenarios {

using runtime::Part;

namespace {

bool carries(const google::protobuf::RepeatedPtrField<std::string>& topics, const std::string& topic) {
  return topics.empty() || std::find(topics.begin(), topics.end(), topic) != topics.end();
}

}  // namespace

bool hears(const schema::Scenario& scenario, const schema::Site& there, const std::string& here, domain::Topic what) {
  const std::string topic{name_of(what)};
  for (const schema::Bridge& bridge : scenario.bridges()) {
    if (bridge.from() == here && bridge.to() == there.name() && carries(bridge.topics(), topic)) return true;
  }
  const schema::Site* source = site_named(scenario, here);
  const auto is_publisher = [&](const std::string& broker) {
    if (source == nullptr || !broker.starts_with(here + "/")) return false;
    if (source->events().tells_site()) return true;
    const auto node = find_node(*source, broker.substr(here.size() + 1));
    return node && parts_of(*source)[*node].has(world::publisher_of(what));
  };
  for (const schema::Subscription& subscription : there.events().subscriptions()) {
    const auto& brokers = subscription.brokers();
    if (carries(subscription.topics(), topic) && std::any_of(brokers.begin(), brokers.end(), is_publisher)) return true;
  }
  return false;
}

namespace {

void report_unknown_broker(const schema::Scenario& scenario, const schema::Subscription& subscription, int index,
                           const std::string& name, const schema::Site& site, Reporter& reporter) {
  std::vector<std::string> names(site.nodes().begin(), site.nodes().end());
  for (const schema::Site& other : scenario.sites()) {
    for (const std::string& node : other.nodes()) {
      if (&other != &site) names.push_back(other.name() + "/" + node);
    }
  }
  reporter.report(subscription, "brokers",
                  fmt::format("unknown node {}{}", quoted(name), suggestion(name, "nodes", names)), index);
}

// Who pulls waits for an event; who does not, for a file.
void check_deployments_of(const schema::Scenario& scenario, const schema::Write& write, Reporter& reporter) {
  const schema::Site* source = site_of(scenario, write);
  if (source == nullptr) return;
  for (const schema::Site& site : scenario.sites()) {
    if (&site == source || !has_part(site, Part::kGateway)) continue;
    if (site.has_pull() != source->has_pull()) {
      reporter.report(
          site, "name",
          fmt::format("{} {}, but what write {} publishes at {} spreads by {}; expected the same at both",
                      quoted(site.name()), site.has_pull() ? "pulls" : "does not pull", quoted(write.name()),
                      quoted(source->name()), source->has_pull() ? "events" : "files"));
    } else if (site.has_pull() && !hears(scenario, site, source->name(), domain::Topic::kNotification)) {
      reporter.report(
          site.pull(),
          fmt::format("nobody tells {} what write {} publishes at {}; expected bridges {{ from: {} to: {} }} "
                      "or a subscription to brokers there",
                      quoted(site.name()), quoted(write.name()), quoted(source->name()), quoted(source->name()),
                      quoted(site.name())));
    }
  }
}

void check_everybody_listens(const schema::Site& site, Reporter& reporter) {
  const auto& subscriptions = site.events().subscriptions();
  const std::vector<runtime::PartSet> parts = parts_of(site);
  for (int i = 0; i < site.nodes_size() && !subscriptions.empty(); ++i) {
    const bool listens = std::any_of(subscriptions.begin(), subscriptions.end(), [&](const auto& subscription) {
      const auto& nodes = subscription.nodes();
      return nodes.empty() || std::find(nodes.begin(), nodes.end(), site.nodes(i)) != nodes.end();
    });
    if (listens || !parts[static_cast<std::size_t>(i)].has(Part::kGateway)) continue;
    reporter.report(site.events(),
                    fmt::format("gateway {} is in no subscription and would hear nothing", quoted(site.nodes(i))));
  }
}

void check_subscription(const schema::Scenario& scenario, const schema::Site& site,
                        const schema::Subscription& subscription, Reporter& reporter) {
  check_words(subscription, "topics", subscription.topics(), topic_words(), reporter);
  for (int i = 0; i < subscription.nodes_size(); ++i) {
    const std::string& name = subscription.nodes(i);
    const auto node = find_node(site, name);
    if (!node) {
      report_unknown_node(subscription, "nodes", i, name, site, reporter);
    } else if (const auto parts = parts_of(site)[*node];
               !parts.has(Part::kGateway) && !parts.has(Part::kTrafficManager)) {
      reporter.report(
          subscription, "nodes",
          fmt::format("{} is neither a gateway nor a traffic_manager; expected one, for others do not listen",
                      quoted(name)),
          i);
    }
  }
  for (int i = 0; i < subscription.brokers_size(); ++i) {
    const std::string& name = subscription.brokers(i);
    const auto place = find_node(scenario, site, name);
    if (!place) {
      report_unknown_broker(scenario, subscription, i, name, site, reporter);
    } else if (const auto parts = parts_of(scenario.sites(static_cast<int>(place->site)))[place->node];
               !world::publishes(parts)) {
      reporter.report(
          subscription, "brokers",
          fmt::format("{} publishes nothing; expected a key_manager, traffic_manager or control_plane", quoted(name)),
          i);
    } else if (const schema::Site& there = scenario.sites(static_cast<int>(place->site)); !there.has_events()) {
      reporter.report(subscription, "brokers",
                      fmt::format("{} has no brokers; expected events {{ }} at {}", quoted(name), quoted(there.name())),
                      i);
    }
  }
}

void check_events_of(const schema::Scenario& scenario, const schema::Site& site, Reporter& reporter) {
  const schema::Events& events = site.events();
  check_word(events, "profile", events.profile(), event_profile_names(), reporter);
  check_word(events, "dead_target", events.dead_target(), dead_target_words(), reporter);
  check_word(events, "on_reconnect", events.on_reconnect(), on_reconnect_words(), reporter);
  for (const schema::Subscription& subscription : events.subscriptions()) {
    check_subscription(scenario, site, subscription, reporter);
  }
  if (!events.subscriptions().empty() || !has_part(site, Part::kGateway)) return;
  if (has_part(site, Part::kKeyManager) || has_part(site, Part::kTrafficManager) ||
      has_part(site, Part::kControlPlane)) {
    return;
  }
  reporter.report(events, fmt::format("no node of {} publishes anything; expected subscriptions {{ brokers: "
                                      "\"site/node\" }} to those of another site",
                                      quoted(site.name())));
}

void check_pull(const schema::Scenario& scenario, const schema::Site& site, Reporter& reporter) {
  const schema::Pull& pull = site.pull();
  check_word(pull, "on_reconnect", pull.on_reconnect(), pull_again_words(), reporter);
  if (!site.has_events()) {
    reporter.report(pull, fmt::format("nobody tells gateways of {} what to pull; expected events {{ }} there",
                                      quoted(site.name())));
  }
  const std::string& from = pull.from().empty() ? site.name() : pull.from();
  if (is_region(scenario, from) && !is_site(scenario, from)) {
    reporter.report(pull, "from", fmt::format("{} is a region; expected a site", quoted(from)));
  }
  const schema::Site* source = site_named(scenario, from);
  if (source == nullptr) return;
  if (!has_part(*source, Part::kControlPlane)) {
    reporter.report(pull, "from",
                    fmt::format("no node of {} is a control plane; expected a site that has one", quoted(from)));
  }
  if (source->database().has_at()) {
    reporter.report(pull, "from",
                    fmt::format("{} has no database of its own; expected a site that has one", quoted(from)));
  }
}

void check_bridge_end(const schema::Scenario& scenario, const schema::Bridge& bridge, const char* field,
                      const std::string& name, Reporter& reporter) {
  if (is_region(scenario, name) && !is_site(scenario, name)) {
    reporter.report(bridge, field, fmt::format("{} is a region and has no broker; expected a site", quoted(name)));
  }
  const schema::Site* site = site_named(scenario, name);
  if (site == nullptr || site->has_events()) return;
  reporter.report(bridge, field, fmt::format("{} has no brokers; expected events {{ }} there", quoted(name)));
}

void check_bridge(const schema::Scenario& scenario, const schema::Bridge& bridge, Reporter& reporter) {
  check_words(bridge, "topics", bridge.topics(), topic_words(), reporter);
  check_word(bridge, "when_down", bridge.when_down(), when_down_words(), reporter);
  check_word(bridge, "dead_target", bridge.dead_target(), dead_target_words(), reporter);
  check_word(bridge, "passes", bridge.passes(), passes_words(), reporter);
  check_bridge_end(scenario, bridge, "from", bridge.from(), reporter);
  check_bridge_end(scenario, bridge, "to", bridge.to(), reporter);
  if (!bridge.from().empty() && bridge.from() == bridge.to()) {
    reporter.report(bridge, "to",
                    fmt::format("the bridge leads from {} to itself; expected another site, or "
                                "events {{ tells_site: true }}",
                                quoted(bridge.to())));
  }
}

}  // namespace

void check_events(const schema::Scenario& scenario, Reporter& reporter) {
  for (const schema::Site& site : scenario.sites()) {
    if (site.has_events()) check_events_of(scenario, site, reporter);
    if (site.has_events()) check_everybody_listens(site, reporter);
    if (site.has_pull()) check_pull(scenario, site, reporter);
  }
  for (const schema::Bridge& bridge : scenario.bridges()) check_bridge(scenario, bridge, reporter);
  for (const schema::Write& write : scenario.workload().writes()) {
    if (write.has_publish_apis() || write.has_retire_apis()) check_deployments_of(scenario, write, reporter);
  }
}

}  // namespace parallax::scenarios
