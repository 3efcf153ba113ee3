#include "sim/tcp_sender.h"

#include <algorithm>
#include <cassert>
#include <utility>

namespace parallax::sim {

namespace {

constexpr std::uint32_t kSmallestRing = 16;
constexpr std::int64_t kMostReordering = 4;

// What a time-out leaves of the window: 717 / 1024 is CUBIC's beta (RFC 9438, 4.6).
std::uint32_t reduced(std::uint32_t window) { return std::max(2U, window * 717 / 1024); }

}  // namespace

void Messages::put(std::uint32_t first, std::uint32_t number, const Action& action) {
  const std::uint32_t size = rings_.empty() ? 0 : rings_.back()->mask + 1;
  if (number - first >= size) {
    auto larger = std::make_unique<Ring>();
    larger->mask = std::max(kSmallestRing, 2 * size) - 1;
    larger->slots = std::make_unique<Action[]>(larger->mask + 1);
    for (std::uint32_t i = first; i != number; ++i) larger->slots[i & larger->mask] = (*rings_.back())[i];
    rings_.push_back(std::move(larger));
  }
  const Ring& ring = *rings_.back();
  ring.slots[number & ring.mask] = action;
}

TcpSender::TcpSender(Site& site, Carrier& carrier, std::uint32_t messages_per_packet, Duration acknowledgement_delay,
                     TimerWheel wheel)
    : site_{site},
      carrier_{carrier},
      messages_per_packet_{messages_per_packet},
      acknowledgement_delay_{acknowledgement_delay},
      wheel_{wheel},
      alarm_{site, [this] { wake(); }},
      outgoing_(kSmallestRing) {}

void TcpSender::begin() {
  drop();
  held_.reset();
  round_trip_ = {};
  round_ends_ = end_;
  state_ = State::kOpen;
  window_ = kInitialWindow;
  threshold_ = kNoThreshold;
  grown_ = 0;
  is_probed_ = false;
  backoff_ = 0;
  reordering_ = 1;
}

void TcpSender::drop() {
  alarm_.clear();
  const std::optional<HeldBack> held = held_;
  acknowledge_below(end_);
  held_ = held;  // for an owner who asks why
  transmitted_ = end_;
  in_flight_ = 0;
}

void TcpSender::send(const Action& action, std::uint32_t packets) {
  assert(packets > 0);
  if (first_ == end_) shrink_after_idleness();
  messages_.put(first_, end_, action);
  if (outgoing_.full()) outgoing_.set_capacity(2 * outgoing_.capacity());
  outgoing_.push_back({{}, packets, 0, false, false});
  site_.account(kBytes);
  ++end_;
  transmit_what_fits();
}

void TcpSender::hear(const Acknowledgement& acknowledgement) {
  const std::uint32_t in_flight = in_flight_;
  const bool has_advanced = acknowledgement.below - first_ - 1 < end_ - first_;
  std::uint32_t acknowledged = has_advanced ? acknowledge_below(acknowledgement.below) : 0;
  acknowledged += acknowledge_beyond(acknowledgement.first, acknowledgement.count);
  if (acknowledgement.is_prompt) sample_round_trip(site_.now() - acknowledgement.echo + acknowledgement_delay_);
  if (acknowledgement.is_duplicate) reordering_ = std::min(reordering_ + 1, kMostReordering);
  if (has_advanced) progress(acknowledgement, acknowledged, in_flight);
  if (arrived_beyond_ > 0 && acknowledgement.is_prompt) resend_overtaken(acknowledgement.echo);
  transmit_what_fits();
}

// --- What goes out

// [tcp_cwnd_restart]
void TcpSender::shrink_after_idleness() {
  if (window_ <= kInitialWindow) return;
  const Duration step = timeout();
  Duration idle = site_.now() - sent_last_ - step;
  if (idle.ns <= 0) return;
  if (threshold_ != kNoThreshold) threshold_ = std::max(threshold_, window_ / 2 + window_ / 4);
  for (; idle.ns > 0 && window_ > kInitialWindow; idle = idle - step) window_ = std::max(window_ / 2, kInitialWindow);
}

void TcpSender::transmit_what_fits() {
  bool has_sent = false;
  while (next_ != end_ && (in_flight_ == 0 || in_flight_ < window_)) {
    transmit(packet(next_, end_));
    has_sent = true;
  }
  if (has_sent) wait_after_send();
}

// One message by itself goes as it was written; several share a packet. Those that have arrived are not sent again.
Run TcpSender::packet(std::uint32_t from, std::uint32_t until) {
  Run run{from, 1, at(from).packets};
  while (run.count < messages_per_packet_ && from + run.count != until && !at(from + run.count).has_arrived) {
    ++run.count;
  }
  if (run.count > 1) run.packets = 1;
  return run;
}

void TcpSender::transmit(const Run& run) {
  for (std::uint32_t i = 0; i < run.count; ++i) {
    Outgoing& one = at(run.first + i);
    take_off(one);
    one.sent = site_.now();
    one.is_timed_out = false;
  }
  at(run.first).in_flight = run.packets;
  in_flight_ += run.packets;
  sent_last_ = site_.now();
  if (run.first == next_) {
    next_ += run.count;
    while (next_ != end_ && at(next_).has_arrived) ++next_;
  }
  const Sent sent = carrier_.carry(run);
  if (sent.fault && !held_) held_ = HeldBack{*sent.fault, site_.now()};
  if (sent.fault || state_ == State::kLoss) held_below_ = end_;
}

// --- What comes back

std::uint32_t TcpSender::acknowledge_below(std::uint32_t number) {
  const std::uint32_t before = in_flight_;
  while (first_ != number) {
    take_off(outgoing_.front());
    if (outgoing_.front().has_arrived) --arrived_beyond_;
    outgoing_.pop_front();
    site_.account(-kBytes);
    if (next_ == first_++) next_ = first_;
  }
  return before - in_flight_;
}

std::uint32_t TcpSender::acknowledge_beyond(std::uint32_t first, std::uint32_t count) {
  const std::uint32_t before = in_flight_;
  for (; count > 0; --count, ++first) {
    if (first - first_ >= end_ - first_ || at(first).has_arrived) continue;
    take_off(at(first));
    at(first).has_arrived = true;
    ++arrived_beyond_;
  }
  while (next_ != end_ && at(next_).has_arrived) ++next_;
  return before - in_flight_;
}

void TcpSender::take_off(Outgoing& one) { in_flight_ -= std::exchange(one.in_flight, 0U); }

void TcpSender::sample_round_trip(Duration sample) {
  const bool is_round_over = is_after(first_, round_ends_);
  if (is_round_over) round_ends_ = next_;
  round_trip_.add(sample, is_round_over);
}

void TcpSender::progress(const Acknowledgement& acknowledgement, std::uint32_t acknowledged, std::uint32_t in_flight) {
  if (held_ && !is_after(held_below_, first_)) held_.reset();
  if (is_probed_ && !is_after(transmitted_, first_)) is_probed_ = false;
  const bool was_in_vain = state_ == State::kLoss && acknowledgement.echo + microseconds(1) < first_timeout_;
  if (was_in_vain && first_ != end_) return undo_loss();
  backoff_ = 0;
  if (!is_after(transmitted_, first_)) state_ = State::kOpen;
  grow_window(acknowledged, in_flight);
  wait_after_progress();
}

// It grows only while it is used [tcp_is_cwnd_limited].
void TcpSender::grow_window(std::uint32_t acknowledged, std::uint32_t in_flight) {
  if (window_ < threshold_) {
    if (state_ == State::kLoss || 2 * in_flight > window_) window_ += acknowledged;
  } else if (in_flight >= window_) {
    grown_ += acknowledged;
    if (grown_ < window_) return;
    grown_ = 0;
    ++window_;
  }
}

// The time-out stays where it was: an acknowledgement of a part of what was collapsed into one segment does not set it
// anew.
void TcpSender::undo_loss() {
  state_ = State::kOpen;
  window_ = std::max(window_, window_before_loss_);
  if (is_after(transmitted_, next_)) next_ = transmitted_;
}

bool TcpSender::is_lost(std::uint32_t number, VirtualTime before) {
  const Outgoing& one = at(number);
  return !one.has_arrived && !one.is_timed_out && one.sent < before;
}

void TcpSender::resend_overtaken(VirtualTime by) {
  const VirtualTime before = by - Duration{reordering_ * round_trip_.smoothed().ns / 4};
  for (std::uint32_t i = first_; i != next_;) {
    std::uint32_t until = i;
    while (until != next_ && is_lost(until, before)) ++until;
    if (until == i) {
      ++i;
      continue;
    }
    const Run run = packet(i, until);
    transmit(run);
    i += run.count;
  }
}

// --- Timers

void TcpSender::wait_after_send() {
  if (state_ == State::kOpen && backoff_ == 0 && arrived_beyond_ == 0) {
    wait_for_probe(at(first_).sent + timeout() - site_.now());
  } else if (alarm_.deadline() == kNever) {
    wait_for_timeout(timeout());
  }
}

void TcpSender::wait_after_progress() {
  if (first_ == next_) return alarm_.clear();
  if (state_ == State::kOpen && arrived_beyond_ == 0) return wait_for_probe(timeout());
  wait_for_timeout(timeout());
}

// A lone packet's acknowledgement may be delayed by up to the least time-out.
void TcpSender::wait_for_probe(Duration bound) {
  if (!round_trip_.is_known()) return wait_for_timeout(timeout());
  Duration wait = 2 * round_trip_.smoothed() + (in_flight_ == 1 ? kLeastVariance : kProbeMargin);
  if (bound.ns > 0) wait = std::min(wait, bound);
  waits_ = Waits::kForProbe;
  alarm_.set(wheel_.expiry(site_.now(), wait));
}

void TcpSender::wait_for_timeout(Duration delay) {
  waits_ = Waits::kForTimeout;
  alarm_.set(wheel_.expiry(site_.now(), delay));
}

void TcpSender::wake() {
  if (waits_ == Waits::kForProbe) {
    probe();
  } else {
    time_out();
  }
}

// Sends something new if there is anything, else the last again; only one probe at a time [tcp_send_loss_probe].
void TcpSender::probe() {
  if (is_probed_) {
    const Duration rest = at(first_).sent + timeout() - site_.now();
    return wait_for_timeout(std::max(rest, Duration{1}));
  }
  transmit(next_ != end_ ? packet(next_, end_) : packet(next_ - 1, next_));
  is_probed_ = true;
  transmitted_ = next_;
  wait_for_timeout(timeout());
}

void TcpSender::time_out() {
  if (backoff_ == 0) {
    first_timeout_ = site_.now();
  } else if (site_.now() - first_timeout_ >= kGivenUpAfter) {
    return carrier_.give_up();
  }
  enter_loss();
  ++backoff_;
  const Run run = packet(first_, end_);
  transmit(run);
  for (std::uint32_t i = 0; i < run.count; ++i) at(run.first + i).is_timed_out = true;
  wait_for_timeout(timeout());
}

void TcpSender::enter_loss() {
  if (state_ == State::kOpen) {
    if (backoff_ == 0) window_before_loss_ = window_;
    threshold_ = reduced(window_);
    transmitted_ = next_;
  }
  state_ = State::kLoss;
  is_probed_ = false;
  window_ = 1;
  for (std::uint32_t i = first_; i != next_; ++i) take_off(at(i));
  next_ = first_;
}

}  // namespace parallax::sim
