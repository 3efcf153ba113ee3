// Round trips that somebody has measured between regions of a cloud: facts in round_trips/*.csv, by name of the set.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sim/time.h"

namespace parallax::scenarios::data {

/// One way, taken for half of a round trip. `p95` equals `p50` where only a mean is known.
struct OneWay {
  sim::Duration p50;
  sim::Duration p95;
  std::optional<sim::Duration> least{};  ///< below p50; where nothing is known of it, nothing
};

struct RoundTrips {
  std::string name;      ///< "aws-2020-06-05"
  std::string title;     ///< "AWS"
  std::string measured;  ///< when and how
  std::string source;
  std::vector<std::string> regions;  ///< in alphabetical order

  struct Pair {
    std::string from;
    std::string to;
    OneWay way;
  };
  std::vector<Pair> pairs;

  const OneWay* find(std::string_view from, std::string_view to) const;
};

/// All sets, by name.
std::vector<RoundTrips> all_round_trips();

}  // namespace parallax::scenarios::data
