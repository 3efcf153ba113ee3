// How often the timers of a deployment have fired in a run.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>
#include <vector>

#include "models/domain/ids.h"

namespace parallax::audit {

enum class Timer : std::uint8_t {
  kTokenCacheTtl,
  kCacheSweep,
  kPollInterval,
  kMirrorInterval,
  kDeploymentScan,
  kRetryWait,
  kReconnectWait,
  kTokenExpiry,
  kTokenCleaner,
  kQuotaWindow,
};
inline constexpr std::size_t kTimersOfSites = 9;  ///< those before kQuotaWindow, which belongs to a tier

constexpr std::string_view name_of(Timer timer) {
  constexpr std::array<std::string_view, kTimersOfSites + 1> kNames{
      "token_cache_ttl", "cache_sweep",    "poll_interval", "mirror_interval", "deployment_scan",
      "retry_wait",      "reconnect_wait", "token_expiry",  "token_cleaner",   "quota_window"};
  return kNames[static_cast<std::size_t>(timer)];
}

/// Limit windows of a tier's subscriptions with some demand.
struct TierWindows {
  std::uint64_t ended{0};
  std::uint64_t unfinished{0};  ///< the run ended first
};

struct TimersFinding {
  /// By site. A timer has fired when a wait for it was over: a round of polls that finds nothing is none.
  std::vector<std::array<std::uint64_t, kTimersOfSites>> fired;
  std::uint64_t catalog_expiries{0};  ///< of tokens that were there at the start
  std::vector<TierWindows> windows;   ///< by tier

  std::uint64_t of(domain::SiteId site, Timer timer) const {
    return fired[static_cast<std::size_t>(site)][static_cast<std::size_t>(timer)];
  }
};

}  // namespace parallax::audit
