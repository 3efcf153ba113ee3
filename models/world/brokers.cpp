#include "models/world/brokers.h"

#include <algorithm>

namespace parallax::world {

using propagation::broker::Broker;
using runtime::Part;

namespace {

runtime::PartSet parts_of(const SiteConfig& site, std::size_t node) {
  return site.parts.empty() ? runtime::PartSet::all() : site.parts[node];
}

std::vector<Broker*> publishing_brokers(DataCenter& data_center, const runtime::Node* but) {
  std::vector<Broker*> brokers;
  for (runtime::Node* node : data_center.nodes()) {
    if (node != but && node->event_desk() != nullptr && publishes(node->parts())) {
      brokers.push_back(&node->event_desk()->broker());
    }
  }
  return brokers;
}

void tell_site(DataCenter& data_center, const EventsConfig& events) {
  for (runtime::Node* node : data_center.nodes()) {
    const auto others = publishing_brokers(data_center, node);
    if (publishes(node->parts()) && !others.empty())
      node->event_desk()->pass_on(events.duplication, events.sender, others);
  }
}

void subscribe(const WorldConfig& config, const DataCenters& data_centers, NodePlace listener) {
  for (const Listening& listening : subscriptions_of(config, listener)) {
    std::vector<Broker*> urls;
    for (const NodePlace& place : listening.brokers) {
      urls.push_back(&data_centers[sim::index(place.site)]->node(place.node).event_desk()->broker());
    }
    data_centers[sim::index(listener.site)]->node(listener.node).event_desk()->listen(listening.spec, urls);
  }
}

std::vector<NodePlace> brokers_for(const WorldConfig& config, NodePlace listener,
                                   const EventsConfig::Subscription& subscription) {
  if (!subscription.brokers.empty()) return subscription.brokers;
  const SiteConfig& site = config.sites[sim::index(listener.site)];
  std::vector<NodePlace> places;
  for (std::uint32_t node = 0; node < site.nodes.size(); ++node) {
    if (publishes(parts_of(site, node), subscription.spec.topics)) places.push_back({listener.site, node});
  }
  const auto own = std::find_if(places.begin(), places.end(), [&](NodePlace p) { return p.node == listener.node; });
  if (own != places.end()) std::rotate(places.begin(), own, own + 1);
  return places;
}

}  // namespace

std::vector<Listening> subscriptions_of(const WorldConfig& config, NodePlace node) {
  constexpr domain::TopicId kNotification = domain::id_of(domain::Topic::kNotification);
  std::vector<Listening> all;
  const SiteConfig& site = config.sites[sim::index(node.site)];
  const runtime::PartSet parts = parts_of(site, node.node);
  const bool is_manager_alone = parts.has(Part::kTrafficManager) && !parts.has(Part::kGateway);
  if (!site.events || !(is_manager_alone || parts.has(Part::kGateway))) return all;
  for (const auto& subscription : site.events->subscriptions) {
    const auto& only = subscription.nodes;
    if (!only.empty() && std::find(only.begin(), only.end(), node.node) == only.end()) continue;
    if (is_manager_alone && !subscription.spec.topics.has(kNotification)) continue;
    Listening& listening = all.emplace_back(Listening{subscription.spec, brokers_for(config, node, subscription)});
    if (is_manager_alone) listening.spec.topics = {kNotification};
  }
  return all;
}

bool is_counted_at(const WorldConfig& config, sim::SiteId site, sim::SiteId there) {
  const auto& places = config.sites[sim::index(site)].counted_at;
  return places.empty() ? site == there : std::find(places.begin(), places.end(), there) != places.end();
}

void connect_counters(const WorldConfig& config, const DataCenters& data_centers) {
  for (const auto& here : data_centers) {
    if (here == nullptr) continue;
    for (const sim::SiteId at : config.sites[sim::index(here->site().id())].counted_at) {
      if (at == here->site().id()) continue;
      for (runtime::Node* gateway : here->nodes_with(Part::kGateway)) {
        for (runtime::Node* manager : data_centers[sim::index(at)]->nodes_with(Part::kTrafficManager)) {
          gateway->count_at(manager->open_counting_intake(config.stage_of_fault));
        }
      }
    }
  }
}

void connect_brokers(const WorldConfig& config, const DataCenters& data_centers) {
  for (std::size_t i = 0; i < config.sites.size(); ++i) {
    if (!config.sites[i].events) continue;
    for (runtime::Node* node : data_centers[i]->nodes()) {
      node->open_event_desk(config.stage_of_fault).set_on_reconnect(config.sites[i].events->on_reconnect);
    }
  }
  for (std::size_t i = 0; i < config.sites.size(); ++i) {
    const auto& events = config.sites[i].events;
    if (events && events->tells_site) tell_site(*data_centers[i], *events);
  }
  for (BridgeConfig bridge : config.bridges) {
    const auto own = data_centers[sim::index(bridge.from)]->nodes();
    bridge.bridge.first_of_site = own.front()->id();
    bridge.bridge.last_of_site = own.back()->id();
    const auto targets = publishing_brokers(*data_centers[sim::index(bridge.to)], nullptr);
    for (runtime::Node* node : data_centers[sim::index(bridge.from)]->nodes()) {
      if (publishes(node->parts())) node->event_desk()->pass_on(bridge.bridge, bridge.sender, targets);
    }
  }
  for (std::size_t i = 0; i < config.sites.size(); ++i) {
    const SiteConfig& site = config.sites[i];
    for (std::uint32_t node = 0; site.events && node < site.nodes.size(); ++node) {
      const NodePlace place{static_cast<sim::SiteId>(i), node};
      subscribe(config, data_centers, place);
    }
  }
}

}  // namespace parallax::world
