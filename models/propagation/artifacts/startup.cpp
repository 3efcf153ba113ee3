#include "models/propagation/artifacts/startup.h"

#include <optional>
#include <utility>

namespace parallax::propagation::artifacts {

StartupSpec asynchronous_startup() {
  StartupSpec spec;
  spec.retry = {sim::seconds(20), 2, sim::minutes(60), RetrySpec::kEndless};
  return spec;
}

StartupSpec synchronous_startup() {
  StartupSpec spec;
  spec.ready_when = ReadyWhen::kAllAreUp;
  spec.retry = {sim::seconds(1), 1, sim::seconds(1), 9};
  return spec;
}

Startup::Startup(const Place& at, const StartupSpec& spec, Requester& requester, Deployer& gateway, StartupHost& host)
    : at_{at}, spec_{spec}, requester_{requester}, gateway_{gateway}, host_{host}, ladder_{spec.retry} {
  requester.belongs_to(*this);
}

template <typename Step>
void Startup::after(sim::Duration delay, Step step) {
  at_.site.after(delay, [this, step, life = life_] {
    if (life == life_) (this->*step)();
  });
}

void Startup::begin(const Journey& since) {
  journey_ = since;
  is_ready_ = false;
  ladder_ = RetryLadder{spec_.retry};
  const bool has_some = spec_.on_disk == OnDisk::kLastGood;
  if (spec_.ready_when == ReadyWhen::kAtOnce || (spec_.ready_when == ReadyWhen::kFirstApiIsUp && has_some)) {
    become_ready();
  }
  ask();
}

void Startup::ask() {
  enter(kTransfer);
  requester_.ask({});
}

void Startup::answered(const Answer& answer) {
  if (answer.status != Status::kOk) {
    const std::optional<sim::Duration> pause = ladder_.next();
    if (!pause) return in_vain();
    enter(kRetryWait);
    return after(*pause, &Startup::ask);
  }
  artifacts_.clear();
  for (const Artifact& artifact : answer.artifacts) sort_in(artifact);
  next_ = 0;
  put_up_all();
}

// What was removed costs no time, but only a gateway that has kept nothing is rid of it.
void Startup::sort_in(const Artifact& artifact) {
  if (artifact.facts.version <= gateway_.deployed(artifact.api)) return;
  if (artifact.facts.standing != domain::Standing::kAbsent) return artifacts_.push_back(artifact);
  if (spec_.on_disk == OnDisk::kLastGood) return;
  gateway_.deploy(artifact.api, artifact.facts, journey_.cause, journey_.passage);
}

void Startup::in_vain() {
  if (spec_.in_vain == InVain::kComesUp) return become_ready();
  ladder_ = RetryLadder{spec_.retry};
  enter(kRetryWait);
  after(spec_.start_over_after, &Startup::ask);
}

void Startup::put_up_all() {
  if (spec_.api_time.ns > 0 && next_ < artifacts_.size()) {
    enter(kPuttingUp);
    return after(spec_.api_time, &Startup::put_up_one);
  }
  while (next_ < artifacts_.size()) put_up();
  become_ready();
}

void Startup::put_up_one() {
  put_up();
  put_up_all();
}

// An event may have brought a newer one meanwhile.
void Startup::put_up() {
  const Artifact& artifact = artifacts_[next_++];
  if (artifact.facts.version > gateway_.deployed(artifact.api)) {
    gateway_.deploy(artifact.api, artifact.facts, journey_.cause, journey_.passage);
    host_.started(artifact.api);
  }
  if (spec_.ready_when == ReadyWhen::kFirstApiIsUp) become_ready();
}

void Startup::become_ready() {
  if (!std::exchange(is_ready_, true)) host_.ready();
}

void Startup::lost() {
  ++life_;
  is_ready_ = false;
  requester_.lost();
}

}  // namespace parallax::propagation::artifacts
