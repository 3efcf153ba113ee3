#include "models/runtime/event_desk.h"

#include "models/runtime/decision_event.h"
#include "models/runtime/traffic_manager.h"

namespace parallax::runtime {

using domain::Topic;
using propagation::broker::Bridge;
using propagation::broker::Broker;
using propagation::broker::Event;
using propagation::broker::Sender;
using propagation::broker::Subscriber;

namespace {

constexpr std::int64_t kSecond = sim::seconds(1).ns;

}  // namespace

EventDesk::EventDesk(sim::Site& site, const sim::Power& power, Gateway& gateway, const std::string& path,
                     const propagation::broker::StagesOfFaults& stage_of_fault)
    : site_{site},
      power_{power},
      gateway_{gateway},
      path_{path},
      broker_{site, power, gateway.node(), stage_of_fault},
      numbers_{gateway.node()} {}

void EventDesk::pass_on(const propagation::broker::BridgeSpec& bridge, const propagation::broker::SenderSpec& spec,
                        const std::vector<Broker*>& targets) {
  std::vector<Sender*> senders;
  for (Broker* target : targets) {
    const std::string name = path_ + " passes on " + std::to_string(senders_.size());
    senders_.push_back(std::make_unique<Sender>(site_, power_, broker_.node(), name, spec, *target));
    senders.push_back(senders_.back().get());
  }
  bridges_.push_back(std::make_unique<Bridge>(broker_, bridge, std::move(senders)));
}

void EventDesk::listen(const propagation::broker::SubscriberSpec& spec, const std::vector<Broker*>& urls) {
  const std::string name = path_ + " listens " + std::to_string(subscribers_.size());
  ears_.push_back(std::make_unique<Ear>(*this));
  subscribers_.push_back(std::make_unique<Subscriber>(site_, broker_.node(), name, spec, urls, *ears_.back()));
  subscribers_.back()->belongs_to(power_.standstill());
}

void EventDesk::start() {
  for (const auto& sender : senders_) sender->start();
  for (const auto& subscriber : subscribers_) subscriber->start();
}

Event EventDesk::next_event(Topic topic) {
  Event event;
  event.id = numbers_.next();
  event.published = site_.now();
  event.topic = domain::id_of(topic);
  return event;
}

// A JWT says in whole seconds when it expires.
void EventDesk::publish(const Revocation& revoked, sim::RecordId cause) {
  Event event = next_event(Topic::kTokenRevocation);
  event.cause = cause;
  event.object = domain::ObjectRef::of(revoked.token);
  event.version = revoked.version;
  event.detail = static_cast<std::uint32_t>((revoked.expires.ns + kSecond - 1) / kSecond);
  broker_.publish(event);
}

void EventDesk::publish(domain::ApiId api, const logic::gateway::ApiFacts& facts, sim::RecordId cause) {
  notify(domain::ObjectRef::of(api), facts.version, facts.standing, cause);
}

void EventDesk::publish(domain::SubscriptionId id, const logic::gateway::SubscriptionFacts& facts,
                        sim::RecordId cause) {
  notify(domain::ObjectRef::of(id), facts.version, facts.standing, cause);
}

void EventDesk::publish(domain::TierId changed, const logic::gateway::PolicyFacts& facts, sim::RecordId cause) {
  notify(domain::ObjectRef::of(changed), facts.version, facts.standing, cause);
}

void EventDesk::notify(domain::ObjectRef object, domain::Version version, domain::Standing standing,
                       sim::RecordId cause) {
  Event event = next_event(Topic::kNotification);
  event.cause = cause;
  event.object = object;
  event.version = version;
  event.detail = static_cast<std::uint32_t>(standing);
  broker_.publish(event);
}

void EventDesk::publish(const logic::throttling::DecisionMessage& decision, domain::SubscriptionId subscription) {
  Event event = next_event(Topic::kThrottleData);
  DecisionEvent{subscription, decision.expiry, decision.is_throttled}.write_to(event);
  broker_.publish(event);
}

// One that has waited for its turn, or that comes from the node itself, may come to it while the node stands still.
void EventDesk::act_on(const Event& event) {
  if (power_.standstill().is_on()) {
    Event kept = event;
    settle(kept, site_, broker_.node());
    spend(kept, domain::Stage::kFrozen, site_.now());
    return power_.standstill().keep([this, kept] { act_on(kept); });
  }
  switch (domain::topic_of(event.topic)) {
    case Topic::kTokenRevocation: {
      const sim::VirtualTime expires{std::int64_t{event.detail} * kSecond};
      return gateway_.hear(Revocation{static_cast<domain::TokenId>(event.object.id()), event.version, expires},
                           event.cause, event.passage);
    }
    case Topic::kThrottleData:
      return gateway_.hear(DecisionEvent::read(event));
    case Topic::kNotification:
      return act_on_notification(event);
  }
}

void EventDesk::act_on_notification(const Event& event) {
  const auto standing = static_cast<domain::Standing>(event.detail);
  if (event.object.kind() == domain::ObjectKind::kSubscription) {
    return gateway_.hear(static_cast<domain::SubscriptionId>(event.object.id()), {event.version, standing}, event.cause,
                         event.passage);
  }
  if (event.object.kind() == domain::ObjectKind::kPolicy) {
    if (manager_)
      manager_->hear(static_cast<domain::TierId>(event.object.id()), event.version, event.cause, event.passage);
    return;
  }
  if (puller_ == nullptr) return;
  if (standing == domain::Standing::kAbsent) return puller_->remove(event);
  puller_->deploy(event);
}

void EventDesk::connected_again() {
  if (on_reconnect_ == OnReconnect::kLoad) gateway_.load_again();
  if (puller_ != nullptr) puller_->reconnected();
}

void EventDesk::lost(propagation::broker::HostLoss how) {
  for (const auto& ear : ears_) ear->lost();
  for (const auto& subscriber : subscribers_) subscriber->lost(how);
  for (const auto& bridge : bridges_) bridge->lost();
  for (const auto& sender : senders_) sender->lost(how);
  broker_.lost(how);
}

void EventDesk::restored() {
  broker_.restored();
  for (const auto& sender : senders_) sender->restored();
  for (const auto& subscriber : subscribers_) subscriber->restored();
}

}  // namespace parallax::runtime
