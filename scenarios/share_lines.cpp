#include "scenarios/share_lines.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "scenarios/statistics.h"

namespace parallax::scenarios {

Part& Part::operator+=(const Part& other) {
  of_it += other.of_it;
  all += other.all;
  return *this;
}

std::vector<ShareLine> failed_lines(const schema::Scenario& scenario, const SeedRun& run) {
  std::vector<ShareLine> lines;
  for (std::size_t i = 0; i < run.findings.served.size(); ++i) {
    ShareLine line{"failed", scenario.workload().populations(static_cast<int>(i)).name(), sim::seconds(1), {}};
    for (const audit::ServedSecond& second : run.findings.served[i]) {
      line.parts.push_back({second.all - second.good, second.all});
    }
    lines.push_back(std::move(line));
  }
  return lines;
}

std::vector<ShareLine> decided_lines(const SeedRun& run) {
  std::vector<ShareLine> lines;
  std::vector<std::uint64_t> all;
  for (std::size_t node = 0; node < run.node_names.size(); ++node) {
    const std::string site = run.node_names[node].substr(0, run.node_names[node].find('/'));
    if (lines.empty() || lines.back().of != site) lines.push_back({"decided", site, sim::minutes(1), {}});
    const auto& minutes = run.findings.minutes[node];
    auto& parts = lines.back().parts;
    parts.resize(std::max(parts.size(), minutes.size()));
    all.resize(std::max(all.size(), minutes.size()));
    for (std::size_t i = 0; i < minutes.size(); ++i) {
      parts[i].of_it += minutes[i].requests;
      all[i] += minutes[i].requests;
    }
  }
  for (ShareLine& line : lines) {
    line.parts.resize(all.size());
    for (std::size_t i = 0; i < all.size(); ++i) line.parts[i].all = all[i];
  }
  return lines;
}

std::vector<Part> joined_steps(const std::vector<Part>& parts, std::size_t first, std::size_t count) {
  std::vector<Part> joined;
  for (std::size_t i = first; i < parts.size(); ++i) {
    if ((i - first) % count == 0) joined.emplace_back();
    joined.back() += parts[i];
  }
  return joined;
}

Band band_of(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  // Nearest rank, and its mirror image: with forty values the second at either end.
  const auto left_out = static_cast<std::size_t>(std::ceil(0.05 * static_cast<double>(values.size()) - 1e-6));
  const std::size_t rank = std::clamp<std::size_t>(left_out, 1, values.size());
  return {values[rank - 1], median(values), values[values.size() - rank]};
}

}  // namespace parallax::scenarios
