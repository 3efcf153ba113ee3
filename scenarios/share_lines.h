// What an instrument would show over virtual time: the share of a population's calls that failed, the share of all
// requests that a data center decided; and the band of many seeds.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "scenarios/run.h"

namespace parallax::scenarios {

/// So many of all.
struct Part {
  std::uint64_t of_it{0};
  std::uint64_t all{0};

  std::optional<double> share() const {
    return all == 0 ? std::nullopt : std::optional(static_cast<double>(of_it) / static_cast<double>(all));
  }
  Part& operator+=(const Part& other);
};

struct ShareLine {
  std::string name;  ///< failed, decided
  std::string of;    ///< population, site
  sim::Duration step{sim::seconds(1)};
  std::vector<Part> parts;  ///< from the start of the run
};

/// By second, in the order of the scenario's populations. A refusal is an answer: failed has what got none, or an error
/// of the server. A call counts in the second in which it was sent.
std::vector<ShareLine> failed_lines(const schema::Scenario& scenario, const SeedRun& run);

/// By minute, in the order of the sites that have nodes.
std::vector<ShareLine> decided_lines(const SeedRun& run);

/// The same with `count` steps as one, the first of them at `first`.
std::vector<Part> joined_steps(const std::vector<Part>& parts, std::size_t first, std::size_t count);

/// Between low and high are 90 % of the values, by nearest rank.
struct Band {
  double low;
  double typical;
  double high;
};

/// Requires: not empty.
Band band_of(std::vector<double> values);

}  // namespace parallax::scenarios
