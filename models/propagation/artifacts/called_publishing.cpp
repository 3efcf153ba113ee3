#include "models/propagation/artifacts/called_publishing.h"

#include <utility>

#include "models/domain/topic.h"
#include "models/propagation/artifacts/requester.h"
#include "models/propagation/artifacts/stages.h"

namespace parallax::propagation::artifacts {

CalledPublishing::Call::Call(CalledPublishing& publisher, const CalledTarget& called, const std::string& name)
    : owner{publisher}, target{called}, connection{publisher.at_.site,         called.at.site, name,
                                                   publisher.spec_.connection, *this,          at_target} {
  connection.server().belongs_to(called.power->standstill());
}

CalledPublishing::CalledPublishing(const Place& at, const std::string& name, const CallSpec& spec,
                                   const std::vector<CalledTarget>& targets, std::vector<domain::Stage> stage_of_fault)
    : at_{at}, spec_{spec}, stage_of_fault_{std::move(stage_of_fault)} {
  for (const CalledTarget& target : targets) {
    calls_.push_back(std::make_unique<Call>(*this, target, name + " calls " + std::to_string(calls_.size())));
  }
}

// Published as the power went: nobody is left to call.
void CalledPublishing::publish(const Parcel& parcel) {
  if (!has_power_) return;
  waiting_.push_back(parcel);
  waiting_.back().enter(kTransfer, at_);
  if (waiting_.size() > 1) return;
  target_ = 0;
  call_next();
}

// The parcel's time is told from its own beginning at each target: calls before it are a part of the way there.
void CalledPublishing::call_next() {
  if (target_ == calls_.size()) {
    waiting_.pop_front();
    target_ = 0;
    if (waiting_.empty() || calls_.empty()) return;
  }
  parcel_ = waiting_.front();
  is_held_back_ = false;
  at_.site.after(spec_.timeout, [this, era = era_] {
    if (era == era_) fail();
  });
  look();
  calls_[target_]->connection.client().connect();
}

void CalledPublishing::look() {
  const auto fault = at_.site.fault_on_connecting_to(calls_[target_]->target.at.site.id());
  if (fault) {
    is_held_back_ = true;
    return parcel_.enter(stage_of_fault_[*fault], at_);
  }
  at_.site.after(kLookInterval, [this, era = era_] {
    if (era == era_) look();
  });
}

void CalledPublishing::send() {
  Call& call = *calls_[target_];
  call.connection.client().send([to = &call, parcel = parcel_] { to->receive(parcel); });
}

void CalledPublishing::Call::receive(Parcel parcel) {
  if (!target.power->is_on()) return;
  domain::Passage& passage = parcel.journey.passage;
  if (const auto& held = connection.server().was_held_back(); held && passage.first == domain::Stage::kNone) {
    passage = {passage.second, owner.stage_of_fault_[held->fault], held->since};
  }
  target.node->take(parcel);
  if (connection.server().is_open()) connection.server().send([this] { owner.finish(); });
}

void CalledPublishing::finish() {
  ++era_;
  calls_[target_]->connection.client().close();
  ++target_;
  call_next();
}

// Without a fault to be seen it is the gateway itself that does not answer.
void CalledPublishing::fail() {
  ++era_;
  Call& call = *calls_[target_];
  call.connection.client().close();
  if (!is_held_back_) parcel_.enter(domain::Stage::kSiteDown, at_);
  const domain::ObjectRef object = domain::ObjectRef::of(parcel_.api);
  const sim::RecordId tried =
      at_.site.record(domain::Hop{at_.node, object, parcel_.journey.passage}.pack(), parcel_.journey.cause);
  domain::EventLost lost{};
  lost.node = call.target.at.node;
  lost.object = object;
  lost.version = parcel_.facts.version;
  lost.topic = domain::id_of(domain::Topic::kNotification);
  lost.why = domain::EventLoss::kGivenUp;
  lost.published = at_.site.now();
  lost.died = at_.site.now();
  at_.site.record(lost.pack(), tried);
  ++target_;
  call_next();
}

void CalledPublishing::lost() {
  ++era_;
  has_power_ = false;
  for (const auto& call : calls_) call->connection.client().lose();
  waiting_.clear();
  target_ = 0;
}

void CalledPublishing::restored() {
  has_power_ = true;
  for (const auto& call : calls_) call->connection.client().restore();
}

}  // namespace parallax::propagation::artifacts
