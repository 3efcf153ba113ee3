#include "scenarios/backtest/lines.h"

#include <algorithm>
#include <utility>

#include "scenarios/backtest/zero.h"

namespace parallax::scenarios::backtest {

namespace {

constexpr std::int64_t kMinute = 60;  // seconds

/// Buckets that every run has: from `before` of them ahead of time zero on.
struct Extent {
  std::int64_t before;
  std::int64_t count;
};

Extent extent_of(const std::vector<SeedRun>& runs, std::int64_t step_s, std::int64_t bucket_s) {
  Extent extent{INT64_MAX, INT64_MAX};
  std::int64_t after = INT64_MAX;
  for (const SeedRun& run : runs) {
    const std::int64_t zero = zero_of(run)->at_s / step_s * step_s;
    extent.before = std::min(extent.before, zero / bucket_s);
    after = std::min(after, (run.end.ns / sim::seconds(1).ns - zero) / bucket_s);
  }
  extent.count = extent.before + after;
  return extent;
}

/// All populations as one.
ShareLine together(const std::vector<ShareLine>& lines) {
  ShareLine all{"failed", "", sim::seconds(1), {}};
  for (const ShareLine& line : lines) {
    all.parts.resize(std::max(all.parts.size(), line.parts.size()));
    for (std::size_t i = 0; i < line.parts.size(); ++i) all.parts[i] += line.parts[i];
  }
  return all;
}

ShareLine simulated(const schema::Scenario& scenario, const SeedRun& run, const std::string& name,
                    const std::string& of) {
  const std::vector<ShareLine> lines = name == "failed" ? failed_lines(scenario, run) : decided_lines(run);
  if (of.empty()) return together(lines);
  const auto found = std::find_if(lines.begin(), lines.end(), [&](const ShareLine& line) { return line.of == of; });
  return found == lines.end() ? ShareLine{name, of, {}, {}} : *found;
}

/// `observed` in a line's buckets.
std::vector<Part> in_buckets(const Seconds& observed, std::int64_t first_s, std::int64_t bucket_s, std::size_t count) {
  std::vector<Part> parts(count);
  for (const auto& [second, part] : observed) {
    const std::int64_t since = second - first_s;
    if (since < 0 || since / bucket_s >= static_cast<std::int64_t>(count)) continue;
    parts[static_cast<std::size_t>(since / bucket_s)] += part;
  }
  return parts;
}

Line line_of(const schema::Scenario& scenario, const std::vector<SeedRun>& runs, const std::string& name,
             const std::string& of, const Seconds& observed, std::int64_t step_s, std::int64_t bucket_s) {
  const Extent extent = extent_of(runs, step_s, bucket_s);
  // A minute of the run does not begin with the fault; it is as far into one in every run (see obstacle).
  const std::int64_t into_step = zero_of(runs.front())->at_s % step_s;
  Line line{name, of, -into_step - extent.before * bucket_s, bucket_s, {}, {}};
  const auto count = static_cast<std::size_t>(extent.count);
  for (const SeedRun& run : runs) {
    const std::int64_t first = zero_of(run)->at_s / step_s - extent.before * bucket_s / step_s;
    std::vector<Part> parts = simulated(scenario, run, name, of).parts;
    line.seeds.push_back(
        joined_steps(parts, static_cast<std::size_t>(first), static_cast<std::size_t>(bucket_s / step_s)));
    line.seeds.back().resize(count);
  }
  line.observed = in_buckets(observed, line.first_s, bucket_s, count);
  return line;
}

}  // namespace

bool are_alike_in_minutes(const std::vector<SeedRun>& runs) {
  return std::all_of(runs.begin(), runs.end(), [&](const SeedRun& run) {
    return zero_of(run)->at_s % kMinute == zero_of(runs.front())->at_s % kMinute;
  });
}

std::vector<Line> lines_of(const schema::Scenario& scenario, const std::vector<SeedRun>& runs, const Drill& drill,
                           std::int64_t bucket_s) {
  std::vector<Line> lines;
  for (const auto& [population, seconds] : drill.failed) {
    lines.push_back(line_of(scenario, runs, "failed", population, seconds, 1, bucket_s));
  }
  for (const auto& [site, seconds] : drill.decided) {
    const std::int64_t minutes = (bucket_s + kMinute - 1) / kMinute * kMinute;
    lines.push_back(line_of(scenario, runs, "decided", site, seconds, kMinute, minutes));
  }
  for (Line& line : lines) see_as_many(line);
  return lines;
}

}  // namespace parallax::scenarios::backtest
