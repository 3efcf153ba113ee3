// The event's way over brokers.
#include <algorithm>

#include "models/propagation/broker/declared_stages.h"
#include "models/runtime/declared_stages.h"
#include "models/world/brokers.h"
#include "scenarios/bounds/spreading.h"

namespace parallax::bounds {

using domain::DeclaredStages;
using domain::Stage;
using propagation::broker::BridgeSpec;
using propagation::broker::DeadTarget;
using propagation::broker::Passes;
using propagation::broker::SenderSpec;

namespace {

constexpr std::string_view kNotItsHome = "the subscriber listens there only while its first broker is away";

}  // namespace

// Where one dead target blocks all, nothing goes to the own subscribers either before every target hears.
Spreading::Place Spreading::published_when_all_hear() {
  Place published = acknowledged_;
  const auto wait_for = [&](const MapNode& target) {
    const Place next = graph_.add(target.name + " hears too");
    domain::DeclaredStage connected =
        stage_over(Stage::kReconnectWait, map_.ways().between(writer_.place.site, target.place.site));
    connected.least = {};
    if (connected.greatest) connected.greatest = sim::Duration{};
    graph_.lead(published, next, {connected}, {writer_.place.site, target.place.site, Exposure::Over::kEvents});
    published = next;
  };
  const auto blocks = [](const BridgeSpec& bridge) { return bridge.dead_target == DeadTarget::kBlocksAll; };
  const auto& events = *map_.site_of(writer_).events;
  for (const MapNode& target : map_.nodes()) {
    const bool is_here = target.place.site == writer_.place.site;
    bool is_waited_for = is_here && events.tells_site && target.id != writer_.id && blocks(events.duplication);
    for (const world::BridgeConfig& bridge : map_.config().bridges) {
      is_waited_for |= bridge.from == writer_.place.site && bridge.to == target.place.site && blocks(bridge.bridge);
    }
    if (is_waited_for && has_brokers(target) && world::publishes(target.parts)) wait_for(target);
  }
  return published;
}

// Each node that publishes anything passes on what is published there to the others of its site, and over bridges.
void Spreading::build_brokers() {
  brokers_.resize(map_.nodes().size());
  if (!has_brokers(writer_)) return;
  const domain::TopicId topic = domain::id_of(topic_of(change_));
  for (const MapNode& node : map_.nodes()) {
    if (has_brokers(node)) brokers_[domain::index(node.id)] = graph_.add("broker of " + node.name);
  }
  const auto broker = [&](const MapNode& node) { return *brokers_[domain::index(node.id)]; };
  graph_.lead(published_when_all_hear(), broker(writer_), {}, {writer_.place.site, writer_.place.site});
  const auto pass_on = [&](const MapNode& from, const MapNode& to, const BridgeSpec& bridge, const SenderSpec& sender) {
    if (!bridge.topics.has(topic)) return;
    const bool is_local = from.place.site == to.place.site;
    graph_.lead(broker(from), broker(to),
                declared_stages(sender, map_.ways().between(from.place.site, to.place.site), is_local),
                {from.place.site, to.place.site, Exposure::Over::kEvents, {}});
  };
  const auto& events = *map_.site_of(writer_).events;
  for (const MapNode& to : map_.nodes()) {
    const bool is_neighbour = to.place.site == writer_.place.site && to.id != writer_.id;
    if (events.tells_site && is_neighbour && world::publishes(to.parts)) {
      pass_on(writer_, to, events.duplication, events.sender);
    }
  }
  for (const world::BridgeConfig& bridge : map_.config().bridges) {
    if (bridge.from != writer_.place.site) continue;
    for (const MapNode& from : map_.nodes()) {
      const bool passes = from.id == writer_.id || bridge.bridge.passes == Passes::kOfTheSite;
      if (from.place.site != bridge.from || !passes || !world::publishes(from.parts)) continue;
      for (const MapNode& to : map_.nodes()) {
        if (to.place.site == bridge.to && has_brokers(to) && world::publishes(to.parts)) {
          pass_on(from, to, bridge.bridge, bridge.sender);
        }
      }
    }
  }
}

// By whichever of its subscriptions it hears first. Of the brokers of one the first is its home. Without brokers a key
// manager tells its own gateway of a revocation, and those of its cluster.
void Spreading::build_told(const MapNode& listener) {
  auto& told = told_[domain::index(listener.id)];
  if (!has_brokers(writer_)) {
    const auto& cluster = map_.site_of(writer_).cluster;
    const bool is_own = listener.id == writer_.id;
    const bool is_member = cluster && listener.place.site == writer_.place.site;
    if (change_ != domain::ChangeKind::kTokenRevoked || !(is_own || is_member)) return;
    told = graph_.add(listener.name + " is told");
    DeclaredStages message;
    if (!is_own) message.push_back(runtime::declared_message(*cluster));
    return graph_.lead(acknowledged_, *told, std::move(message),
                       {listener.place.site, listener.place.site, Exposure::Over::kOnce});
  }
  const domain::TopicId topic = domain::id_of(topic_of(change_));
  told = graph_.add(listener.name + " is told");
  for (const world::Listening& listening : world::subscriptions_of(map_.config(), listener.place)) {
    if (!listening.spec.topics.has(topic)) continue;
    bool is_home = true;
    for (const world::NodePlace& at : listening.brokers) {
      const auto& broker = brokers_[domain::index(map_.node(at).id)];
      const bool is_local = at.site == listener.place.site;
      DeclaredStages stages =
          declared_stages(listening.spec, topic, map_.ways().between(at.site, listener.place.site), is_local);
      if (!std::exchange(is_home, false)) stages.push_back(domain::stage_without_end(Stage::kBroker, kNotItsHome));
      if (broker) {
        graph_.lead(*broker, *told, std::move(stages), {at.site, listener.place.site, Exposure::Over::kEvents, {}});
      }
    }
  }
}

}  // namespace parallax::bounds
