// A failover drill as somebody has written it down: for each call, or for so many alike, when it was sent, by whom or
// to which data center, and what became of it.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "scenarios/problem.h"
#include "scenarios/schema/scenario.pb.h"
#include "scenarios/share_lines.h"

namespace parallax::scenarios::backtest {

/// Calls of one second, by the second from time zero on; it may be negative.
using Seconds = std::map<std::int64_t, Part>;

struct Drill {
  std::map<std::string, Seconds> failed;   ///< by population; "" where the file does not tell them apart
  std::map<std::string, Seconds> decided;  ///< by data center: of all calls that one has answered
  std::uint64_t calls{0};
};

struct ReadDrill {
  std::optional<Drill> drill{};
  std::vector<Problem> problems{};  ///< the first ten
};

/// Seconds since 1970 of "2026-11-30T02:38:04.5Z", "2026-11-30 02:38:04+01:00"; without a zone UTC.
std::optional<double> seconds_of_iso(std::string_view text);

/// An instant: ISO 8601, or a number of seconds.
struct Instant {
  double seconds{0};
  bool is_date{false};
};
std::optional<Instant> instant_of(std::string_view text);

/// A table with a head: time, status, population (or client) or dc (or site), or both, and perhaps count. Statuses are
/// HTTP codes (from 500 on, and 0 for none: failed; a refusal is an answer) or words: ok, failed, timeout. `start` is
/// time zero in the file's own terms; absent, 0 of seconds, while dates need one. Names are those of `scenario`.
ReadDrill read_drill(const std::filesystem::path& path, const std::optional<std::string>& start,
                     const schema::Scenario& scenario);

}  // namespace parallax::scenarios::backtest
