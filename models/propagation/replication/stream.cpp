#include "models/propagation/replication/stream.h"

#include <cassert>

namespace parallax::propagation::replication {

namespace {

sim::Connection connection_between(bool target_connects, sim::Site& origin, sim::Site& target, const std::string& name,
                                   const sim::ConnectionSpec& spec, sim::ConnectionListener& at_origin,
                                   sim::ConnectionListener& at_target) {
  if (target_connects) return {target, origin, name, spec, at_target, at_origin};
  return {origin, target, name, spec, at_origin, at_target};
}

}  // namespace

Stream::Stream(const Party& origin, const Party& target, const std::string& name, const StreamSpec& spec,
               const std::vector<domain::Stage>& stage_of_fault)
    : origin_{origin},
      target_{target},
      spec_{spec},
      stage_of_fault_{stage_of_fault},
      connection_{connection_between(spec.target_connects, origin.replica.site(), target.replica.site(), name,
                                     spec.connection, at_origin_, at_target_)},
      delivery_{target.replica.site(), target.power, target.replica, origin.replica.site().id(), name, spec,
                stage_of_fault},
      shipping_{origin.replica.site(), origin.power, origin.replica, target.replica.site().id(), name, spec,
                origin_end(),          delivery_} {
  delivery_.join(target_end(), shipping_, [this](sim::Duration wait) {
    if (spec_.target_connects) connect_in(wait);
  });
  if (!has_datagrams()) return;
  assert(spec_.target_connects && spec_.keeps == Keeps::kMemory);
  shipping_.on_going_on([this] { return why_lost(); });
}

sim::ConnectionEnd& Stream::origin_end() { return spec_.target_connects ? connection_.server() : connection_.client(); }
sim::ConnectionEnd& Stream::target_end() { return spec_.target_connects ? connection_.client() : connection_.server(); }

void Stream::start() {
  has_started_ = true;
  connect();
}

void Stream::start_at(sim::VirtualTime when) {
  shipping_.begins_with_image();
  origin_.replica.site().at(when, [this] { shipping_.send_image(); });
  target_.replica.site().at(when, [this] { delivery_.await_image(); });
  client().replica.site().at(when, [this] { start(); });
}

// Who is without power connects as it comes back.
void Stream::connect() {
  if (has_datagrams()) return ask();
  if (client().power.is_on() && !connection_.client().is_open()) connection_.client().connect();
}

// At the client's site.
void Stream::connect_in(sim::Duration wait) {
  if (!has_started_ || has_datagrams()) return;
  client().replica.site().after(wait, [this, attempt = ++attempt_] {
    if (attempt == attempt_) connect();
  });
}

// At the target's site, whether anything is missing or not.
void Stream::ask() {
  if (target_.power.is_on()) delivery_.connected();
  target_.replica.site().after(spec_.reconnect_interval, [this] { ask(); });
}

std::optional<Delayed> Stream::why_lost() {
  const auto taken = origin_end().taken_datagram();
  if (!taken) return std::nullopt;
  return Delayed{stage_of_fault_[taken->fault], taken->since};
}

// Whoever connects.
std::optional<std::uint32_t> Stream::refusal_now() const {
  const sim::Site& site = origin_.replica.site();
  const sim::SiteId other = target_.replica.site().id();
  return spec_.target_connects ? site.refusal_of(other) : site.refusal_by(other);
}

// Where it would be refused if it was opened again, that; else what keeps back what is unacknowledged, or cuts the way
// now; else the connection broke for a reason at its ends.
Delayed Stream::why_disconnected() {
  sim::Site& site = origin_.replica.site();
  const auto refusal = refusal_now();
  const auto& cut = origin_end().held_back();
  if (refusal) return {stage_of_fault_[*refusal], cut ? cut->since : site.now()};
  if (const auto& held = origin_end().held_back()) return {stage_of_fault_[held->fault], held->since};
  if (const auto fault = site.fault_on_way_to(target_.replica.site().id()))
    return {stage_of_fault_[*fault], site.now()};
  return {domain::Stage::kReplicationLag, site.now()};
}

void Stream::origin_disconnected() {
  shipping_.disconnected(why_disconnected());
  if (!spec_.target_connects) connect_in(spec_.reconnect_interval);
}

void Stream::origin_lost() {
  Delayed why = why_disconnected();
  if (why.by == domain::Stage::kReplicationLag) why.by = domain::Stage::kSiteDown;
  origin_end().lose();
  shipping_.disconnected(why);
}

void Stream::origin_restored() {
  origin_end().restore();
  if (!spec_.target_connects) connect_in({});
}

void Stream::target_lost() {
  target_end().lose();
  delivery_.memory_lost();
}

void Stream::target_restored() {
  target_end().restore();
  if (spec_.target_connects) connect_in({});
  delivery_.restored();
}

}  // namespace parallax::propagation::replication
