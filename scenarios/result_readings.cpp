#include <algorithm>
#include <optional>

#include "scenarios/result_tables.h"
#include "scenarios/share_lines.h"

namespace parallax::scenarios {

namespace {

// In longer runs than a day several minutes are one step, so that a result stays small.
constexpr std::int64_t kStepsMost = 1'440;

std::int64_t minutes_of_step(const std::vector<SeedRun>& runs) {
  std::int64_t end = 0;
  for (const SeedRun& run : runs) end = std::max(end, run.end.ns);
  const std::int64_t minutes = end / sim::minutes(1).ns + 1;
  return (minutes + kStepsMost - 1) / kStepsMost;
}

/// The same line of all seeds.
void add_reading(const std::vector<ShareLine>& seeds, std::int64_t minutes, schema::Reading& out) {
  const std::int64_t step_ns = sim::minutes(1).ns * minutes;
  out.set_name(seeds.front().name);
  out.set_of(seeds.front().of);
  out.set_step_ns(step_ns);
  std::vector<std::vector<Part>> steps;
  std::size_t longest = 0;
  for (const ShareLine& line : seeds) {
    steps.push_back(joined_steps(line.parts, 0, static_cast<std::size_t>(step_ns / line.step.ns)));
    longest = std::max(longest, steps.back().size());
  }
  for (std::size_t i = 0; i < longest; ++i) {
    std::vector<double> shares;
    for (const auto& seed : steps) {
      const auto share = i < seed.size() ? seed[i].share() : std::nullopt;
      if (share) shares.push_back(*share);
    }
    const Band band = shares.empty() ? Band{-1, -1, -1} : band_of(std::move(shares));
    out.add_low(band.low);
    out.add_typical(band.typical);
    out.add_high(band.high);
  }
}

}  // namespace

void add_readings(const schema::Scenario& scenario, const std::vector<SeedRun>& runs, schema::Result& result) {
  std::vector<std::vector<ShareLine>> by_line;
  for (const SeedRun& run : runs) {
    std::vector<ShareLine> lines = failed_lines(scenario, run);
    for (ShareLine& line : decided_lines(run)) lines.push_back(std::move(line));
    by_line.resize(lines.size());
    for (std::size_t i = 0; i < lines.size(); ++i) by_line[i].push_back(std::move(lines[i]));
  }
  for (const auto& seeds : by_line) add_reading(seeds, minutes_of_step(runs), *result.add_readings());
}

}  // namespace parallax::scenarios
