// Which server gets a request, of those that a balancer may use: by turns, by load, or by where the request comes from.
// The first two are for clients that belong nowhere; the third keeps a client at its server as long as the set of
// usable servers is the same, and moves most clients when it changes (HAProxy's "balance source" with its map-based
// hash: configuration manual 2.6, section 4.2).
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

namespace parallax::steering::health {

enum class Algorithm : std::uint8_t { kRoundRobin, kLeastConnections, kSource };

class Selection {
 public:
  explicit Selection(Algorithm algorithm) : algorithm_{algorithm} {}

  Algorithm algorithm() const { return algorithm_; }

  /// Of those for which usable(server) holds; busy(server) says how much each has in hand.
  template <typename Usable, typename Busy>
  std::optional<std::uint32_t> choose(std::uint32_t servers, std::uint32_t source, Usable&& usable, Busy&& busy) {
    if (algorithm_ == Algorithm::kSource) return choose_by_source(servers, source, usable);
    std::optional<std::uint32_t> best;
    for (std::uint32_t i = 0; i < servers; ++i) {
      const std::uint32_t server = (turn_ + i) % servers;
      if (!usable(server)) continue;
      if (!best || busy(server) < busy(*best)) best = server;
      if (algorithm_ == Algorithm::kRoundRobin) break;
    }
    if (best) turn_ = (*best + 1) % servers;
    return best;
  }

 private:
  template <typename Usable>
  std::optional<std::uint32_t> choose_by_source(std::uint32_t servers, std::uint32_t source, Usable&& usable) const {
    candidates_.clear();
    for (std::uint32_t server = 0; server < servers; ++server) {
      if (usable(server)) candidates_.push_back(server);
    }
    if (candidates_.empty()) return std::nullopt;
    return candidates_[mix(source) % candidates_.size()];
  }

  // The finaliser of MurmurHash3: neighbouring addresses must not go to neighbouring servers.
  static constexpr std::uint64_t mix(std::uint64_t x) {
    x = (x ^ (x >> 33)) * 0xff51'afd7'ed55'8ccd;
    x = (x ^ (x >> 33)) * 0xc4ce'b9fe'1a85'ec53;
    return x ^ (x >> 33);
  }

  Algorithm algorithm_;
  std::uint32_t turn_{0};
  mutable std::vector<std::uint32_t> candidates_{};  ///< kept for its memory
};

}  // namespace parallax::steering::health
