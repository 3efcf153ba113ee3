#include "sim/connection.h"

#include <algorithm>
#include <cassert>
#include <string>
#include <utility>

namespace parallax::sim {

namespace {

std::uint32_t stamp(VirtualTime t) { return static_cast<std::uint32_t>(t.ns / 1'000); }

// Hosts count their ticks from their own start. A timer waits for a multiple of 512 of them at most.
TimerWheel wheel_of(const Site& site, std::string_view name, std::string_view side, Duration tick) {
  if (tick.ns == 0) return {};
  const std::string entity = std::string{name} + " " + std::string{side};
  const auto revolution = static_cast<std::uint64_t>(512 * tick.ns);
  return {tick, {static_cast<std::int64_t>(site.stream(entity, "timer phase").below(revolution))}};
}

}  // namespace

Connection::Connection(Site& client, Site& server, std::string_view name, const ConnectionSpec& spec,
                       ConnectionListener& at_client, ConnectionListener& at_server)
    : client_{{client, at_client, spec.client_silence_timeout, ConnectionEnd::Role::kClient,
               wheel_of(client, name, "client", spec.tick)},
              spec},
      server_{{server, at_server, spec.server_silence_timeout, ConnectionEnd::Role::kServer,
               wheel_of(server, name, "server", spec.tick)},
              spec} {
  client_.peer_ = &server_;
  server_.peer_ = &client_;
}

ConnectionEnd::ConnectionEnd(const Side& side, const ConnectionSpec& spec)
    : site_{side.site},
      listener_{side.listener},
      spec_{spec},
      silence_timeout_{side.silence_timeout},
      wheel_{side.wheel},
      role_{side.role},
      listens_{side.role == Role::kServer},
      state_{spec.transport == Transport::kDatagram ? State::kOpen : State::kClosed},
      sender_{side.site, *this, spec.messages_per_packet, spec.acknowledgement_delay, side.wheel},
      alarm_{side.site, [this] { wake(); }} {
  assert(spec.handshake_round_trips > 0);
}

void ConnectionEnd::connect() {
  if (spec_.transport == Transport::kDatagram) return;
  assert(role_ == Role::kClient && state_ == State::kClosed && has_power_);
  ++connection_;
  state_ = State::kConnecting;
  syns_ = 0;
  round_trips_left_ = spec_.handshake_round_trips;
  connecting_since_ = site_.now();
  send_syn();
}

void ConnectionEnd::send(const Action& action, std::uint32_t packets) {
  assert(is_open());
  if (spec_.transport == Transport::kDatagram) {
    const Sent sent = site_.send(peer_->site_.id(), action, packets);
    if (sent.fault && !taken_datagram_) taken_datagram_ = HeldBack{*sent.fault, site_.now()};
  } else {
    sender_.send(action, packets);
  }
}

std::optional<HeldBack> ConnectionEnd::taken_datagram() { return std::exchange(taken_datagram_, std::nullopt); }

void ConnectionEnd::close() {
  if (spec_.transport == Transport::kDatagram || state_ == State::kClosed) return;
  end();
  transmit(segment(Kind::kClose));
}

void ConnectionEnd::lose() {
  has_power_ = false;
  if (spec_.transport == Transport::kStream) end();
}

// --- What goes out

ConnectionEnd::Segment ConnectionEnd::segment(Kind kind) const {
  Segment segment{};
  segment.kind = kind;
  segment.connection = connection_;
  segment.held_by = kNoFault;
  segment.first = sender_.next_number();
  segment.acknowledged = expected_;
  return segment;
}

Sent ConnectionEnd::carry(const Run& run) {
  Segment data = segment(Kind::kData);
  data.messages = sender_.messages();
  data.first = run.first;
  data.count = run.count;
  if (const auto& held = sender_.held_back()) {
    data.held_by = held->fault;
    data.held_since = held->since;
  }
  return transmit(data, run.packets);
}

// The first segment that leaves while another is being received answers that one.
Sent ConnectionEnd::transmit(Segment segment, std::uint32_t packets) {
  segment.left = stamp(site_.now());
  segment.echo = recent_;
  acknowledged_ = segment.acknowledged;
  if (const Segment* answered = std::exchange(answering_, nullptr)) {
    segment.is_prompt = true;
    segment.answers_duplicate = is_duplicate_;
    segment.echo = answered->left;
    segment.beyond_first = answered->first;
    segment.beyond_count = is_after(answered->first, expected_) ? answered->count : 0;
  }
  return site_.send(
      peer_->site_.id(), [to = peer_, segment] { to->receive(segment); }, packets);
}

void ConnectionEnd::reset(std::uint32_t connection) {
  Segment reset = segment(Kind::kReset);
  reset.connection = connection;
  transmit(reset);
}

// --- What comes in

void ConnectionEnd::receive(const Segment& segment) {
  if (!has_power_) return;
  if (segment.kind == Kind::kSyn) return receive_syn(segment);
  if (segment.connection != connection_ || state_ == State::kClosed) return receive_stray(segment);
  heard_ = site_.now();
  switch (segment.kind) {
    case Kind::kSyn:
      return;
    case Kind::kSynAck:
      return receive_syn_ack(segment);
    case Kind::kData:
      return receive_data(segment);
    case Kind::kClose:
      return fail(Closed::kByPeer);
    case Kind::kReset:
      return fail(state_ == State::kConnecting ? Closed::kRefused : Closed::kReset);
  }
}

// Of a connection that is over, as far as this host knows.
void ConnectionEnd::receive_stray(const Segment& segment) {
  if (segment.kind == Kind::kData || segment.kind == Kind::kSynAck) reset(segment.connection);
}

void ConnectionEnd::receive_syn(const Segment& segment) {
  if (is_after(connection_, segment.connection)) return;  // of an attempt that the client has given up
  const bool is_new = segment.connection != connection_;
  if (!listens_ || (!is_new && state_ == State::kClosed)) return reset(segment.connection);
  if (is_new) adopt(segment);
  answering_ = &segment;
  transmit(this->segment(Kind::kSynAck));
}

void ConnectionEnd::adopt(const Segment& segment) {
  if (state_ != State::kClosed) fail(Closed::kReplaced);
  connection_ = segment.connection;
  state_ = State::kGreeting;
  expected_ = segment.first;
  recent_ = segment.left;
  heard_ = site_.now();
  sender_.begin();
  watch();
}

void ConnectionEnd::receive_syn_ack(const Segment& segment) {
  if (state_ != State::kConnecting) return;
  state_ = State::kGreeting;
  expected_ = segment.first;
  recent_ = segment.left;
  sender_.begin();
  hear(segment);
  watch();
  answering_ = &segment;
  const auto refused_by =
      spec_.certificates == Certificates::kChecked ? site_.refusal_by(peer_->site_.id()) : std::nullopt;
  refused_by ? show_certificate(*refused_by) : greet();
  answering_ = nullptr;
}

void ConnectionEnd::receive_data(const Segment& segment) {
  if (state_ == State::kConnecting) return;
  hear(segment);
  if (segment.count == 0) return;
  is_duplicate_ = !is_after(segment.first + segment.count, expected_);
  if (!is_duplicate_ && !is_after(segment.first, expected_)) recent_ = segment.left;
  answering_ = &segment;
  was_held_back_.reset();
  if (segment.held_by != kNoFault) was_held_back_ = HeldBack{segment.held_by, segment.held_since};
  take({segment.messages, segment.first, segment.count});
  was_held_back_.reset();
  const bool is_unanswered = answering_ != nullptr || acknowledged_ != expected_;
  if (state_ != State::kClosed && is_unanswered) transmit(this->segment(Kind::kData));
  answering_ = nullptr;
}

void ConnectionEnd::hear(const Segment& segment) {
  const Duration age = microseconds(stamp(site_.now()) - segment.echo);
  sender_.hear({segment.acknowledged, segment.beyond_first, segment.beyond_count, site_.now() - age, segment.is_prompt,
                segment.answers_duplicate});
}

void ConnectionEnd::take(const Early& run) {
  if (is_after(run.first, expected_)) return keep(run);
  deliver(run);
  deliver_early();
}

void ConnectionEnd::keep(const Early& run) {
  const auto place =
      std::find_if(early_.begin(), early_.end(), [&](const Early& other) { return is_after(other.first, run.first); });
  early_.insert(place, run);
  site_.account(sizeof(Early));
}

// An action may close this end, or close it and connect anew.
void ConnectionEnd::deliver(const Early& run) {
  const std::uint32_t until = run.first + run.count;
  for (const std::uint32_t now = connection_; is_after(until, expected_);) {
    Action action = (*run.messages)[expected_++];
    if (action && process_ != nullptr && process_->is_on()) {
      keep_for_later(action);
    } else if (action) {
      action();
    }
    if (state_ == State::kClosed || connection_ != now) return;
  }
}

// Each has a place of its own among all that the process has to do then. What was held back before it came is charged
// to that.
void ConnectionEnd::keep_for_later(const Action& action) {
  kept_.push_back({action, was_held_back_.value_or(HeldBack{process_->fault(), site_.now()})});
  process_->keep([this] { deliver_kept(); });
}

// Nothing is left of a connection that has ended.
void ConnectionEnd::deliver_kept() {
  if (kept_.empty()) return;
  Kept next = kept_.front();
  kept_.pop_front();
  was_held_back_ = next.by;
  next.action();
  was_held_back_.reset();
}

void ConnectionEnd::deliver_early() {
  while (!early_.empty() && !is_after(early_.front().first, expected_)) {
    const Early next = early_.front();
    early_.erase(early_.begin());
    site_.account(-static_cast<std::int64_t>(sizeof(Early)));
    deliver(next);
  }
}

// --- Beginning and end

void ConnectionEnd::send_syn() {
  transmit(segment(Kind::kSyn));
  ++syns_;
  VirtualTime next = wheel_.expiry(site_.now(), syn_interval(syns_, spec_.syn_linear_timeouts));
  if (spec_.connect_timeout.ns > 0) next = std::min(next, connecting_since_ + spec_.connect_timeout);
  alarm_.set(next);
}

// At the client. Requests and answers of the greeting, then word that it is over, are messages like others.
void ConnectionEnd::greet() {
  if (--round_trips_left_ > 0) {
    sender_.send([server = peer_] { server->sender_.send([client = server->peer_] { client->greet(); }, 1); }, 1);
    return;
  }
  sender_.send([server = peer_] { server->become_open(); }, 1);
  become_open();
}

// At the client, whose hello the server's certificate answers; then an alert, which ends it (RFC 8446, 6.2). The server
// has not told its owner of the connection yet. So it fails two round trips after its beginning, however few it has
// besides.
void ConnectionEnd::show_certificate(std::uint32_t fault) {
  const auto alert = [client = this, fault] {
    client->site_.touched_by(fault);
    client->transmit(client->segment(Kind::kClose));
    client->fail(Closed::kHandshake);
  };
  sender_.send([server = peer_, alert] { server->sender_.send(alert, 1); }, 1);
}

void ConnectionEnd::become_open() {
  state_ = State::kOpen;
  listener_.opened();
}

void ConnectionEnd::end() {
  alarm_.clear();
  if (state_ != State::kClosed) unacknowledged_at_end_ = sender_.unacknowledged();
  state_ = State::kClosed;
  sender_.drop();
  site_.account(-static_cast<std::int64_t>(early_.size() * sizeof(Early)));
  early_.clear();
  kept_.clear();
  answering_ = nullptr;
  is_duplicate_ = false;
}

// A server's owner has not heard of a connection that never opened.
void ConnectionEnd::fail(Closed reason) {
  const bool is_known = state_ == State::kOpen || role_ == Role::kClient;
  end();
  if (is_known) listener_.closed(reason);
}

// --- The timer

bool ConnectionEnd::has_connect_expired() const {
  return role_ == Role::kClient && state_ != State::kOpen && spec_.connect_timeout.ns > 0 &&
         site_.now() >= connecting_since_ + spec_.connect_timeout;
}

void ConnectionEnd::wake() {
  if (has_connect_expired()) return fail(Closed::kConnectTimeout);
  if (state_ == State::kConnecting) {
    if (syns_ > spec_.syn_retries + spec_.syn_linear_timeouts) return fail(Closed::kConnectTimeout);
    return send_syn();
  }
  const Duration silence = site_.now() - heard_;
  if (silence_timeout_.ns > 0 && silence >= silence_timeout_) {
    transmit(segment(Kind::kClose));
    return fail(Closed::kSilence);
  }
  // Its acknowledgement is a sign of life, as is that of anything else that is under way.
  const bool asks = silence_timeout_.ns > 0 && 2 * silence >= silence_timeout_ && sender_.unacknowledged() == 0;
  if (asks) sender_.send(Action{}, 1);
  watch();
}

void ConnectionEnd::watch() {
  VirtualTime next = kNever;
  if (silence_timeout_.ns > 0) {
    const VirtualTime half = heard_ + Duration{(silence_timeout_.ns + 1) / 2};
    next = site_.now() < half ? half : heard_ + silence_timeout_;
  }
  if (role_ == Role::kClient && state_ != State::kOpen && spec_.connect_timeout.ns > 0) {
    next = std::min(next, connecting_since_ + spec_.connect_timeout);
  }
  if (next == kNever) return alarm_.clear();
  alarm_.set(next);
}

}  // namespace parallax::sim
