#include "models/audit/availability.h"

#include <algorithm>
#include <optional>

namespace parallax::audit {

namespace {

constexpr std::int64_t kMergedGap = 5;  // seconds; metrology: gaps < 5 s are merged

// A refusal is an answer; only server errors and silence are failures.
bool is_good(const domain::RequestFinished& request) {
  return request.ending == domain::Ending::kAnswered && domain::answer_of(request.outcome).http < 500;
}

}  // namespace

void Availability::finished(const domain::RequestFinished& request) {
  auto& seconds = seconds_[domain::index(request.population)];
  const auto second = static_cast<std::size_t>(request.sent.ns / 1'000'000'000);
  if (second >= seconds.size()) seconds.resize(second + 1);
  ++seconds[second].all;
  if (is_good(request)) {
    ++seconds[second].good;
  } else {
    ++failed_;
  }
}

void Availability::finish(Findings& findings) const {
  for (const auto& seconds : seconds_) {
    std::int64_t down = 0;
    std::optional<std::int64_t> last_down;
    for (std::size_t i = 0; i < seconds.size(); ++i) {
      if (seconds[i].all == 0 || 2 * seconds[i].good >= seconds[i].all) continue;
      const auto second = static_cast<std::int64_t>(i);
      const bool merges = last_down && second - *last_down - 1 < kMergedGap;
      down += merges ? second - *last_down : 1;
      last_down = second;
    }
    findings.unavailable_seconds = std::max(findings.unavailable_seconds, down);
  }
  findings.failed_requests = failed_;
}

}  // namespace parallax::audit
