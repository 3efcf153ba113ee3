#include "models/propagation/artifacts/poller.h"

#include "models/propagation/artifacts/news.h"
#include "models/propagation/ticks.h"

namespace parallax::propagation::artifacts {

PollSpec mounted_scan() { return {sim::seconds(15), kPollWait, AfterFailure::kAtOnce}; }

RequestSpec hard_mount() {
  RequestSpec spec;
  spec.connecting = Connecting::kKept;
  spec.connection.handshake_round_trips = 1;
  spec.connection.certificates = sim::Certificates::kIgnored;  // NFS over plain TCP
  return spec;
}

RequestSpec soft_mount() {
  RequestSpec spec = hard_mount();
  spec.timeout = sim::seconds(180);
  return spec;
}

Poller::Poller(const Place& at, const std::string& name, const PollSpec& spec, Requester& requester, Sink& sink)
    : at_{at},
      spec_{spec},
      requester_{requester},
      sink_{sink},
      phase_{draw_phase(at.site, name + " poll", spec.period)},
      account_{spec.wait} {
  requester.belongs_to(*this);
}

void Poller::start() {
  at_.site.at(next_tick(at_.site.now(), phase_, spec_.period), [this, life = life_] {
    if (life == life_) look();
  });
}

void Poller::look_later() {
  at_.site.after(spec_.period, [this, life = life_] {
    if (life == life_) look();
  });
}

void Poller::look() {
  look_later();
  if (requester_.is_asking()) return account_.misses(at_.site.now());
  account_.asks(at_.site.now());
  requester_.ask({});
}

void Poller::answered(const Answer& answer) {
  if (answer.status != Status::kOk) {
    if (spec_.after_failure == AfterFailure::kNextLook) return;
    account_.asks(at_.site.now());
    return requester_.ask({});
  }
  for (const Artifact& one : news(answer, seen_)) {
    sink_.take({one.api, one.facts, {one.put, account_.passage(one.since)}});
  }
  account_.succeeded();
}

void Poller::lost() {
  ++life_;
  account_.succeeded();
  requester_.lost();
}

void Poller::restored() {
  requester_.restored();
  start();
}

}  // namespace parallax::propagation::artifacts
