#include "models/steering/health/checker.h"

#include <algorithm>
#include <utility>

namespace parallax::steering::health {

namespace {

// Route 53's HTTPS checks do not look at certificates: one that has expired fails no check (Developer Guide, "Values
// that you specify when you create or update health checks"); HAProxy's by default are connections without TLS.
sim::ConnectionSpec check_connection(const CheckSpec& spec) {
  sim::ConnectionSpec connection = spec.connection;
  connection.connect_timeout = spec.connect_timeout;
  connection.certificates = sim::Certificates::kIgnored;
  return connection;
}

sim::Duration draw_check_phase(const sim::Site& site, const std::string& name, sim::Duration interval) {
  sim::Stream stream = site.stream(name, "phase");
  return sim::Distribution::uniform({}, interval).sample(stream);
}

}  // namespace

Checker::Checker(sim::Site& site, Port& server, const std::string& name, const CheckSpec& spec, std::uint32_t number,
                 CheckListener& listener)
    : site_{site},
      server_{server},
      spec_{spec},
      number_{number},
      listener_{listener},
      phase_{draw_check_phase(site, name, spec.interval)},
      connection_{site, server.site(), name, check_connection(spec), *this, at_server_} {
  server.join(connection_.server());
}

void Checker::start() { check_at(site_.now() + phase_); }

void Checker::check_at(sim::VirtualTime when) {
  site_.at(when, [this, next = check_] {
    if (next == check_) check();
  });
}

void Checker::check() {
  begun_ = site_.now();
  is_checking_ = true;
  connection_.client().connect();
}

void Checker::opened() {
  if (spec_.probe == Probe::kConnection) return conclude(Status::kGood);
  connection_.client().send([this, check = check_] { serve(check); });
  site_.after(spec_.answer_timeout, [this, check = check_] {
    if (check == check_ && is_checking_) conclude(Status::kBad);
  });
}

// At the server's site. The answer is what the server knows when the question comes.
void Checker::serve(std::uint32_t check) {
  server_.site().after(server_.draw_service_time(), [this, check, status = server_.status()] {
    if (!connection_.server().is_open()) return;
    connection_.server().send([this, check, status] {
      if (check == check_ && is_checking_) conclude(status);
    });
  });
}

void Checker::closed(sim::Closed) {
  if (is_checking_) conclude(Status::kBad);
}

void Checker::conclude(Status status) {
  is_checking_ = false;
  ++check_;
  connection_.client().close();
  count(mistaken(status));
  if (spec_.interval_from == IntervalFrom::kEnd) return check_at(site_.now() + interval());
  // One that took longer than the interval leaves out those that fell into it.
  sim::VirtualTime next = begun_ + interval();
  while (next < site_.now()) next = next + interval();
  check_at(next);
}

Status Checker::mistaken(Status found) {
  if (mistakes_.empty() || mistakes_.front().says == found) return found;
  site_.touched_by(mistakes_.front().fault);
  return mistakes_.front().says;
}

void Checker::count(Status status) {
  const Verdict says = status == Status::kGood ? Verdict::kUp : Verdict::kDown;
  if (says == verdict_) {
    contradictions_ = 0;
    return;
  }
  if (++contradictions_ < (says == Verdict::kUp ? spec_.rise : spec_.fall)) return;
  verdict_ = says;
  contradictions_ = 0;
  listener_.judged(number_, verdict_);
}

sim::Duration Checker::interval() const {
  if (contradictions_ > 0 && spec_.interval_while_changing.ns > 0) return spec_.interval_while_changing;
  if (verdict_ == Verdict::kDown && spec_.interval_while_down.ns > 0) return spec_.interval_while_down;
  return spec_.interval;
}

void Checker::lost() {
  ++check_;
  is_checking_ = false;
  contradictions_ = 0;
  connection_.client().lose();
}

void Checker::restored() {
  connection_.client().restore();
  start();
}

}  // namespace parallax::steering::health
