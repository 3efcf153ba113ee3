#include "models/propagation/counters/teaching.h"

namespace parallax::propagation::counters {

void TeachingLimiter::add_peer(TeachingLimiter& peer, sim::ConnectionEnd& end, std::size_t number_there) {
  peers_.push_back({&peer, &end, number_there});
}

void TeachingLimiter::opened(std::size_t peer) {
  if (!peers_[peer].untaught.empty()) teach_soon(peer);
}

void TeachingLimiter::ask(ThrottleKey key, std::uint64_t request) {
  const bool is_admitted = tallies_.admit(key, site_.now());
  touch(key);
  asker_.answered(request, is_admitted ? Answer::kAdmitted : Answer::kRefused);
}

void TeachingLimiter::touch(ThrottleKey key) {
  for (std::size_t i = 0; i < peers_.size(); ++i) {
    Peer& peer = peers_[i];
    if (peer.is_untaught.insert(key).second) peer.untaught.push_back(key);
    if (peer.end->is_open()) teach_soon(i);
  }
}

void TeachingLimiter::teach_soon(std::size_t peer) {
  if (peers_[peer].will_teach) return;
  peers_[peer].will_teach = true;
  site_.after(spec_.exchange_delay, [this, peer] { teach(peer); });
}

void TeachingLimiter::teach(std::size_t number) {
  Peer& peer = peers_[number];
  peer.will_teach = false;
  if (!peer.end->is_open()) return;
  for (const ThrottleKey key : peer.untaught) {
    const Lesson lesson = tallies_.teach(key, site_.now());
    peer.end->send([to = peer.limiter, from = peer.number_there, key, lesson] { to->receive(from, key, lesson); });
  }
  peer.untaught.clear();
  peer.is_untaught.clear();
}

void TeachingLimiter::receive(std::size_t number, ThrottleKey key, const Lesson& lesson) {
  site_.after(spec_.learning_time, [this, key, lesson] { tallies_.learn(key, lesson, site_.now()); });
  if (!spec_.acknowledges) return;
  site_.after(spec_.learning_time, [end = peers_[number].end] {
    if (end->is_open()) end->send([] {});
  });
}

}  // namespace parallax::propagation::counters
