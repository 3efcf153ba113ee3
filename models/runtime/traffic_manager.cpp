#include "models/runtime/traffic_manager.h"

#include <algorithm>

#include "models/domain/topic.h"
#include "models/runtime/event_desk.h"
#include "models/runtime/gateway.h"

namespace parallax::runtime {

using domain::TierId;
using logic::throttling::CounterStore;
using logic::throttling::DecisionMessage;

namespace {

// carbon-apimgt's data publishers look every 30 s whether an endpoint is there: taken for this too.
constexpr sim::Duration kAskAgain = sim::seconds(30);

std::vector<logic::gateway::PolicyFacts> policies_in(const propagation::Database& there) {
  std::vector<logic::gateway::PolicyFacts> policies;
  for (std::size_t tier = 0; tier < there.catalog().tiers.size(); ++tier) {
    policies.push_back(there.policy(static_cast<TierId>(tier)));
  }
  return policies;
}

}  // namespace

TrafficManager::TrafficManager(sim::Site& site, const sim::Power& power, Clock& clock, Self self,
                               propagation::DatabaseAccess& access, sim::Duration push_delay)
    : site_{site},
      power_{power},
      clock_{clock},
      self_{self},
      access_{access},
      catalog_{access.catalog()},
      push_delay_{push_delay},
      known_{policies_in(access.database())},
      counters_{new_store()} {}

CounterStore TrafficManager::new_store() const {
  CounterStore store{{}};
  for (std::size_t tier = 0; tier < known_.size(); ++tier) count_by(static_cast<TierId>(tier), known_[tier], store);
  return store;
}

void TrafficManager::count_by(TierId tier, const Policy& policy, CounterStore& store) const {
  const std::optional<domain::Limit>& limit = catalog_.tiers[domain::index(tier)].limit;
  if (!limit) return;
  logic::throttling::Policy counted;
  counted.quota = logic::throttling::requests(policy.requests, logic::throttling::fixed_window(limit->window));
  store.set_policy(tier, counted);
}

void TrafficManager::ask_for_policies(Policies policies, std::function<bool()> is_answered) {
  policies_ = policies;
  is_control_plane_there_ = std::move(is_answered);
}

void TrafficManager::lose_memory() {
  ++starts_;
  counters_ = policies_ == Policies::kKnown ? new_store() : CounterStore{{}};
}

// A call over the site's own network takes no time worth telling; one to a database elsewhere does.
void TrafficManager::ask() {
  if (policies_ == Policies::kKnown) return;
  if (is_control_plane_there_()) {
    if (access_.is_remote()) {
      ask_for_all(site_);
    } else {
      learn_all(policies_in(access_.database()));
    }
  } else if (policies_ == Policies::kAsked) {
    site_.after(kAskAgain, [this, start = starts_] {
      if (start == starts_) ask();
    });
  }
}

sim::Process TrafficManager::ask_for_all(sim::Site&) {
  const std::uint32_t life = power_.life();
  const auto answer = co_await access_.read([](propagation::Database& there) { return policies_in(there); });
  co_await power_.standstill().over();
  if (!power_.outlived(life) && answer) learn_all(*answer);
}

void TrafficManager::learn_all(const std::vector<Policy>& policies) {
  counters_ = new_store();
  for (std::size_t tier = 0; tier < policies.size(); ++tier) {
    if (policies[tier].version == known_[tier].version) continue;
    learn(static_cast<TierId>(tier), policies[tier], powered_,
          {domain::Stage::kNone, domain::Stage::kSiteDown, powered_since_});
  }
}

void TrafficManager::hear(TierId changed, domain::Version version, sim::RecordId cause,
                          const domain::Passage& passage) {
  const domain::Hop hop{self_.node, domain::ObjectRef::of(changed), passage};
  const sim::RecordId heard = site_.record(hop.pack(), cause);
  if (is_control_plane_there_()) {
    ask_for(site_, changed, version, heard);
  } else {
    give_up(changed, version, heard);
  }
}

sim::Process TrafficManager::ask_for(sim::Site& site, TierId tier, domain::Version version, sim::RecordId heard) {
  const std::uint32_t life = power_.life();
  const sim::VirtualTime asked = site.now();
  const auto answer = co_await access_.read([tier](propagation::Database& there) { return there.policy(tier); });
  co_await power_.standstill().over();
  if (power_.outlived(life)) co_return;
  if (!answer) co_return give_up(tier, version, heard);
  learn(tier, *answer, heard, {domain::Stage::kNone, domain::Stage::kDatabaseRead, asked});
}

void TrafficManager::give_up(TierId tier, domain::Version version, sim::RecordId heard) {
  domain::EventLost lost{};
  lost.node = self_.node;
  lost.object = domain::ObjectRef::of(tier);
  lost.version = version;
  lost.topic = domain::id_of(domain::Topic::kNotification);
  lost.why = domain::EventLoss::kGivenUp;
  lost.published = site_.now();
  lost.died = site_.now();
  site_.record(lost.pack(), heard);
}

void TrafficManager::learn(TierId tier, const Policy& policy, sim::RecordId cause, const domain::Passage& passage) {
  known_[domain::index(tier)] = policy;
  count_by(tier, policy, counters_);
  site_.record(domain::EntryPut{self_.policies, domain::ObjectRef::of(tier), 0, policy.version, passage}.pack(), cause);
}

void TrafficManager::count(domain::SubscriptionId subscription, sim::VirtualTime decided) {
  if (!power_.is_on()) return;
  if (power_.standstill().is_on()) {
    return power_.standstill().keep([this, subscription, decided] { count(subscription, decided); });
  }
  const domain::Subscription& of = catalog_.subscriptions[domain::index(subscription)];
  logic::throttling::ThrottleEvent event;
  event.subject.subscription = subscription;
  event.subject.application = of.application;
  event.subject.api = of.api;
  event.subject.subscription_tier = of.tier;
  event.at = decided;
  counters_.count(event, clock_.now(), messages_);
  push();
  expire_when_due();
}

// At the end of a window in which somebody was throttled.
void TrafficManager::expire_when_due() {
  const sim::VirtualTime due = counters_.next_expiry();
  if (due == expiry_scheduled_) return;
  expiry_scheduled_ = due;
  if (due == sim::kNever) return;
  wait_for_expiry(due);
}

// As Siddhi's scheduler does: it sleeps for what the clock lacks, and if it then still lacks something, for that.
void TrafficManager::wait_for_expiry(sim::VirtualTime due) {
  site_.after(std::max(due - clock_.now(), sim::Duration{}), [this, due] {
    if (power_.standstill().is_on()) return power_.standstill().keep([this, due] { wait_for_expiry(due); });
    if (due != expiry_scheduled_) return;
    if (clock_.now() < due) return wait_for_expiry(due);
    counters_.expire(due, messages_);
    push();
    expire_when_due();
  });
}

void TrafficManager::push() {
  for (const DecisionMessage& message : messages_) {
    const auto deliver = [this, message] { tell(message); };
    if (push_delay_.ns == 0) {
      deliver();
    } else {
      site_.after(push_delay_, [this, deliver, life = power_.life()] {
        if (!power_.outlived(life)) power_.standstill().run(deliver);
      });
    }
  }
  messages_.clear();
}

void TrafficManager::tell(const DecisionMessage& message) {
  if (desk_ == nullptr) {
    for (Gateway* gateway : listeners_) gateway->hear(message);
    return;
  }
  desk_->publish(message, catalog_.subscription(message.key.subscriber(), message.key.subscribed()));
}

}  // namespace parallax::runtime
