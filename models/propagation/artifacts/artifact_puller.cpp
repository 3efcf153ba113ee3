#include "models/propagation/artifacts/artifact_puller.h"

#include <utility>

#include "models/domain/topic.h"

namespace parallax::propagation::artifacts {

ArtifactPuller::ArtifactPuller(const Place& at, const PullSpec& spec, Requester& requester, Deployer& gateway)
    : at_{at},
      spec_{spec},
      requester_{requester},
      gateway_{gateway},
      recent_{spec.event_ids_remembered},
      ladder_{spec.retry} {
  requester.belongs_to(*this);
}

template <typename Step>
void ArtifactPuller::after(sim::Duration delay, Step step) {
  at_.site.after(delay, [this, step, life = life_] {
    if (life == life_) (this->*step)();
  });
}

void ArtifactPuller::set_known(domain::ApiId api, bool is_known) {
  if (domain::index(api) >= known_.size()) known_.resize(domain::index(api) + 1);
  known_[domain::index(api)] = is_known;
}

Parcel ArtifactPuller::parcel_of(const broker::Event& event) {
  return {domain::ApiId{event.object.id()}, {.version = event.version}, {event.cause, event.passage}};
}

// --- What comes in

void ArtifactPuller::deploy(const broker::Event& event) {
  if (!recent_.is_repeated(event.id)) add({Kind::kPull, parcel_of(event), event.id, event.published});
}

void ArtifactPuller::remove(const broker::Event& event) {
  if (!recent_.is_repeated(event.id)) add({Kind::kRemove, parcel_of(event), event.id, event.published});
}

void ArtifactPuller::reconnected() {
  if (spec_.on_reconnect == OnReconnect::kChangedRevisions) add({Kind::kAskAgain, {}});
}

void ArtifactPuller::add(Task task) {
  if (is_busy_ && task.kind != Kind::kAskAgain) task.parcel.enter(kThreadWait, at_);
  queue_.push_back(std::move(task));
  go_on();
}

// --- The thread

void ArtifactPuller::begin() {
  is_busy_ = true;
  task_ = std::move(queue_.front());
  queue_.pop_front();
  ladder_ = RetryLadder{spec_.retry};
  switch (task_.kind) {
    case Kind::kPull:
      if (spec_.event_waiting.ns == 0) return ask();
      task_.parcel.enter(kEventWait, at_);
      return after(spec_.event_waiting, &ArtifactPuller::ask);
    case Kind::kPutUp:
      return put_up();
    case Kind::kRemove:
      set_known(task_.parcel.api, false);
      gateway_.deploy(task_.parcel.api, task_.parcel.facts, task_.parcel.journey.cause, task_.parcel.journey.passage);
      return end();
    case Kind::kAskAgain:
      return ask();
  }
}

void ArtifactPuller::ask() {
  if (task_.kind == Kind::kPull) {
    task_.parcel.enter(kTransfer, at_);
  } else {
    account_.asks(at_.site.now());
  }
  requester_.ask({task_.parcel.api});
}

void ArtifactPuller::held_back(domain::Stage by) {
  if (task_.kind == Kind::kPull) return task_.parcel.enter(by, at_);
  account_.held_back(by, at_.site.now());
}

void ArtifactPuller::answered(const Answer& answer) {
  if (answer.status != Status::kOk) return try_again();
  if (task_.kind == Kind::kAskAgain) return put_up_changed(answer);
  task_.parcel.facts = answer.artifacts.front().facts;
  put_up();
}

void ArtifactPuller::try_again() {
  const std::optional<sim::Duration> pause = ladder_.next();
  if (!pause) {
    if (task_.kind == Kind::kPull) give_up();
    return end();
  }
  if (task_.kind == Kind::kPull) task_.parcel.enter(kRetryWait, at_);
  after(*pause, &ArtifactPuller::ask);
}

void ArtifactPuller::give_up() {
  ++given_up_;
  const Parcel& parcel = task_.parcel;
  const domain::ObjectRef object = domain::ObjectRef::of(parcel.api);
  const sim::RecordId until_now =
      at_.site.record(domain::Hop{at_.node, object, parcel.journey.passage}.pack(), parcel.journey.cause);
  at_.site.record(
      domain::EventLost{at_.node, object, parcel.facts.version, domain::id_of(domain::Topic::kNotification),
                        domain::EventLoss::kGivenUp, domain::Stage::kNone, task_.event, task_.published, at_.site.now()}
          .pack(),
      until_now);
}

// They come before what has come meanwhile.
void ArtifactPuller::put_up_changed(const Answer& answer) {
  std::deque<Task> changed;
  for (const Artifact& artifact : answer.artifacts) {
    const bool is_removed = artifact.facts.standing == domain::Standing::kAbsent;
    const bool is_as_it_was = artifact.facts.version == gateway_.deployed(artifact.api);
    if (is_removed || is_as_it_was || !is_known(artifact.api)) continue;
    changed.push_back({Kind::kPutUp, {artifact.api, artifact.facts, {artifact.put, account_.passage(artifact.since)}}});
    if (changed.size() > 1) changed.back().parcel.enter(kThreadWait, at_);
  }
  account_.succeeded();
  queue_.insert(queue_.begin(), changed.begin(), changed.end());
  end();
}

void ArtifactPuller::put_up() {
  if (is_known(task_.parcel.api) && spec_.redeploy_gap.ns > 0) {
    task_.parcel.enter(kPuttingUp, at_);
    gateway_.undeploy(task_.parcel.api, task_.parcel.journey.cause, task_.parcel.journey.passage);
    return after(spec_.redeploy_gap, &ArtifactPuller::finish);
  }
  finish();
}

void ArtifactPuller::finish() {
  set_known(task_.parcel.api, true);
  gateway_.deploy(task_.parcel.api, task_.parcel.facts, task_.parcel.journey.cause, task_.parcel.journey.passage);
  end();
}

void ArtifactPuller::end() {
  is_busy_ = false;
  go_on();
}

// A loop, for what takes no time ends within begin().
void ArtifactPuller::go_on() {
  if (std::exchange(is_going_on_, true)) return;
  while (!is_busy_ && !queue_.empty()) begin();
  is_going_on_ = false;
}

// --- Power

void ArtifactPuller::lost() {
  ++life_;
  is_busy_ = false;
  queue_.clear();
  known_.clear();
  recent_.clear();
  account_.succeeded();
  requester_.lost();
}

}  // namespace parallax::propagation::artifacts
