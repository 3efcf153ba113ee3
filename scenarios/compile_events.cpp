#include "scenarios/compile_events.h"

#include <algorithm>
#include <array>
#include <utility>
#include <vector>

#include "models/domain/topic.h"
#include "models/propagation/broker/profiles.h"
#include "models/world/brokers.h"
#include "scenarios/checked_text.h"
#include "scenarios/nodes.h"

namespace parallax::scenarios {

namespace broker = propagation::broker;

namespace {

template <typename Names>
broker::TopicSet topics(const Names& names) {
  if (names.empty()) return broker::TopicSet::all();
  broker::TopicSet set;
  for (const std::string& name : names) set.add(domain::id_of(word<domain::Topic>(topic_words(), name)));
  return set;
}

broker::ReconnectSpec reconnect_spec(const schema::Reconnect& reconnect) {
  return {reconnect.tries_per_broker(),   duration(reconnect.connect_delay()),
          duration(reconnect.patience()), duration(reconnect.initial_pause()),
          reconnect.pause_factor(),       duration(reconnect.greatest_pause())};
}

broker::SubscriberSpec subscriber_spec(const schema::Events& events) {
  broker::SubscriberSpec spec = *broker::subscriber_profile_named(events.profile());
  spec.reconnect = reconnect_spec(events.reconnect());
  spec.fail_back_interval = duration(events.fail_back_interval());
  spec.event_waiting = duration(events.event_waiting());
  spec.waits = {domain::id_of(domain::Topic::kNotification)};
  spec.event_ids_remembered = events.event_ids_remembered();
  spec.local_delay = duration(events.local_delay());
  const sim::Duration liveness = duration(events.liveness_interval());
  spec.liveness.reset();
  if (liveness.ns > 0) spec.liveness = broker::LivenessSpec{liveness, liveness};
  return spec;
}

// Brokers that are not named are those of whoever publishes: topics with the same publishers come by one subscription.
std::vector<broker::TopicSet> by_publishers(const schema::Site& site, const broker::TopicSet& wanted) {
  std::vector<std::vector<bool>> publishers;
  std::vector<broker::TopicSet> sets;
  for (const domain::Topic topic : domain::kTopics) {
    if (!wanted.has(domain::id_of(topic))) continue;
    std::vector<bool> nodes;
    for (const runtime::PartSet& parts : parts_of(site)) nodes.push_back(parts.has(world::publisher_of(topic)));
    if (std::find(nodes.begin(), nodes.end(), true) == nodes.end()) continue;
    const auto same = std::find(publishers.begin(), publishers.end(), nodes);
    const auto set = static_cast<std::size_t>(same - publishers.begin());
    if (same == publishers.end()) {
      publishers.push_back(nodes);
      sets.emplace_back();
    }
    sets[set].add(domain::id_of(topic));
  }
  return sets;
}

world::EventsConfig::Subscription subscription(const schema::Scenario& scenario, const schema::Site& site,
                                               const schema::Subscription& given) {
  world::EventsConfig::Subscription config{{}, {}, subscriber_spec(site.events())};
  config.spec.topics = topics(given.topics());
  for (const std::string& name : given.brokers()) config.brokers.push_back(*find_node(scenario, site, name));
  for (const std::string& name : given.nodes()) config.nodes.push_back(*find_node(site, name));
  return config;
}

}  // namespace

std::span<const std::string> topic_words() {
  static const std::vector<std::string> kWords = [] {
    std::vector<std::string> words;
    for (const domain::Topic topic : domain::kTopics) words.emplace_back(name_of(topic));
    return words;
  }();
  return kWords;
}
std::span<const std::string> when_down_words() {
  static const std::array<std::string, 3> kWords{"drop", "buffer", "retry"};
  return kWords;
}
std::span<const std::string> dead_target_words() {
  static const std::array<std::string, 2> kWords{"on_its_own", "blocks_all"};
  return kWords;
}

std::span<const std::string> on_reconnect_words() {
  static const std::array<std::string, 2> kWords{"nothing", "load"};
  return kWords;
}

std::span<const std::string> pull_again_words() {
  static const std::array<std::string, 2> kWords{"nothing", "changed"};
  return kWords;
}
std::span<const std::string> passes_words() {
  static const std::array<std::string, 2> kWords{"published", "site"};
  return kWords;
}

world::PullConfig pull_config(const schema::Site& site, const SiteNumbers& sites) {
  const schema::Pull& given = site.pull();
  world::PullConfig config;
  config.source = sites.at(given.from().empty() ? site.name() : given.from());
  config.pull.event_waiting = duration(given.event_waiting());
  config.pull.retry.retries = given.retries();
  config.pull.retry.first = duration(given.first_pause());
  config.pull.redeploy_gap = duration(given.redeployment());
  config.pull.on_reconnect = word<propagation::artifacts::OnReconnect>(pull_again_words(), given.on_reconnect());
  config.request.timeout = duration(given.timeout());
  return config;
}

world::EventsConfig events_config(const schema::Scenario& scenario, const schema::Site& site) {
  const schema::Events& events = site.events();
  world::EventsConfig config;
  config.tells_site = events.tells_site();
  config.on_reconnect = word<runtime::OnReconnect>(on_reconnect_words(), events.on_reconnect());
  config.duplication.dead_target = word<broker::DeadTarget>(dead_target_words(), events.dead_target());
  config.sender = broker::carbon_jms_publisher();
  config.sender.local_delay = duration(events.local_delay());
  const auto add = [&](const schema::Subscription& given) {
    world::EventsConfig::Subscription one = subscription(scenario, site, given);
    if (!given.brokers().empty()) return config.subscriptions.push_back(std::move(one));
    for (const broker::TopicSet& set : by_publishers(site, one.spec.topics)) {
      one.spec.topics = set;
      config.subscriptions.push_back(one);
    }
  };
  if (events.subscriptions().empty()) add({});
  for (const schema::Subscription& given : events.subscriptions()) add(given);
  return config;
}

std::vector<world::BridgeConfig> bridge_configs(const schema::Scenario& scenario, const SiteNumbers& sites) {
  std::vector<world::BridgeConfig> configs;
  for (const schema::Bridge& bridge : scenario.bridges()) {
    world::BridgeConfig& config = configs.emplace_back();
    config.from = sites.at(bridge.from());
    config.to = sites.at(bridge.to());
    config.bridge.topics = topics(bridge.topics());
    config.bridge.dead_target = word<broker::DeadTarget>(dead_target_words(), bridge.dead_target());
    config.bridge.capacity = bridge.capacity();
    config.bridge.passes = word<broker::Passes>(passes_words(), bridge.passes());
    config.sender = broker::carbon_jms_publisher();
    config.sender.when_down = word<broker::WhenDown>(when_down_words(), bridge.when_down());
    config.sender.capacity = bridge.capacity();
    config.sender.reconnect = reconnect_spec(bridge.reconnect());
  }
  return configs;
}

}  // namespace parallax::scenarios
