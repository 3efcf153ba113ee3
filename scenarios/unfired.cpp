#include "scenarios/unfired.h"

#include <algorithm>
#include <array>
#include <string>

namespace parallax::scenarios {

namespace {

/// Metrics of a name that begins like this grow while something of these is not over.
struct Grows {
  std::string_view metrics;
  std::array<std::string_view, 4> with;
};

constexpr std::array<Grows, 10> kGrows{{
    {"decision.wrong_allow.", {"token_revoked", "subscription_blocked", "api_retired"}},
    {"decision.wrong_deny.", {"token_issued", "subscription_added", "api_published"}},
    {"decision.wrong_variant.", {"api_published"}},
    {"session.token_refused_elsewhere.", {"token_issued"}},
    {"session.read_your_writes.", {"token_issued", "token_revoked", "subscription_added", "subscription_blocked"}},
    {"session.monotonic_reads.", {"token_issued", "token_revoked", "subscription_added", "subscription_blocked"}},
    {"not_found.fl", {"api_published"}},  // flips, flipped_sessions
    {"throttle.over_admission.", {"limit_window"}},
    {"throttle.flips.", {"limit_window"}},
    {"startup.", {"start"}},
}};

bool grows_with(std::string_view metric, std::string_view waiting) {
  if (metric.starts_with("window.")) {
    // How many were open is about the end of the run itself.
    return metric.substr(7).starts_with(std::string{waiting} + ".") && !metric.ends_with(".censored");
  }
  return std::any_of(kGrows.begin(), kGrows.end(), [&](const Grows& grows) {
    return metric.starts_with(grows.metrics) &&
           std::find(grows.with.begin(), grows.with.end(), waiting) != grows.with.end();
  });
}

}  // namespace

const schema::Timer* unfired_behind(std::string_view metric, const schema::Result& result) {
  for (const schema::Timer& timer : result.timers()) {
    if (timer.fired() > 0 || timer.awaited() == 0) continue;
    const auto& waiting = timer.awaited_by();
    const auto matters = [&](const std::string& one) { return grows_with(metric, one); };
    if (std::any_of(waiting.begin(), waiting.end(), matters)) return &timer;
  }
  return nullptr;
}

const schema::Timer* unfired_below(std::string_view metric, const schema::Result& result) {
  if (metric != "tokens.in_force.least_ratio") return nullptr;
  const schema::Timer* first = nullptr;
  for (const schema::Timer& timer : result.timers()) {
    if (timer.timer() != "token_expiry") continue;
    if (timer.fired() > 0) return nullptr;
    if (first == nullptr) first = &timer;
  }
  return first;
}

}  // namespace parallax::scenarios
