#include "models/steering/dns/server_view.h"

#include <algorithm>

namespace parallax::steering::dns {

void ServerView::forget(Seconds now) {
  smoothed_ = 0;
  deviation_ = spec_.unknown_ms / 4;
  timeout_ = computed();
  losses_ = 0;
  probe_until_ = 0;
  expires_ = now + spec_.remembered;
}

// RFC 6298 without its granularity. Unbound divides ints, which rounds towards zero: so a round trip of 40 ms settles
// at 33 ms and a deviation of 10, a time-out of 73 ms.
std::int64_t ServerView::computed() const {
  return std::clamp(smoothed_ + 4 * deviation_, spec_.least_ms, spec_.greatest_ms);
}

bool ServerView::may_be_asked(Seconds now) const {
  if (now > expires_) return true;
  if (timeout_ >= spec_.greatest_ms && !(is_probe_only() && now < probe_until_ && losses_ < spec_.losses_to_block)) {
    return false;
  }
  return !(is_probe_only() && now < probe_until_ && losses_ >= spec_.losses_to_block);
}

std::int64_t ServerView::ask(Seconds now) {
  if (now > expires_) {
    const bool was_given_up = timeout_ >= spec_.greatest_ms;
    const std::uint32_t losses = losses_;
    forget(now);
    if (was_given_up) {
      timeout_ = spec_.greatest_ms;
      losses_ = losses;
    }
  }
  // A second more than the time-out rounded up, so that the probe is surely over.
  if (is_probe_only()) probe_until_ = now + (timeout_ + 1'999) / 1'000;
  return timeout_;
}

void ServerView::lost(std::int64_t timeout_ms, Seconds now) {
  if (now > expires_) {
    const Seconds probe_until = probe_until_;
    forget(now);
    timeout_ = timeout_ms;
    probe_until_ = probe_until;
  }
  losses_ = std::min(losses_ + 1, spec_.losses_to_block);
  if (timeout_ < timeout_ms) return;  // an answer has brought it down meanwhile
  timeout_ = std::min(std::max(timeout_, 2 * timeout_ms), spec_.greatest_ms);
}

void ServerView::answered(std::int64_t round_trip_ms, Seconds now) {
  if (now > expires_ || timeout_ >= spec_.greatest_ms) {
    const Seconds expires = expires_;
    forget(now);
    if (now <= expires) expires_ = expires;
  }
  const std::int64_t error = round_trip_ms - smoothed_;
  smoothed_ += error / 8;
  deviation_ += ((error < 0 ? -error : error) - deviation_) / 4;
  timeout_ = computed();
  losses_ = 0;
  probe_until_ = 0;
}

}  // namespace parallax::steering::dns
