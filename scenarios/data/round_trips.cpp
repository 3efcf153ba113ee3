#include "scenarios/data/round_trips.h"

#include <algorithm>
#include <set>
#include <stdexcept>

#include "scenarios/data/carried_file.h"

namespace parallax::scenarios::data {
namespace {

using sim::Duration;

// Of a normal distribution 95 % lie below the mean and 1.645 standard deviations.
constexpr std::int64_t kDeviationsOfP95Thousandths = 1'645;

constexpr std::int64_t kNanosecondsPerMicrosecond = 1'000;

/// The text up to the separator, which is taken away with it.
std::string_view take(std::string_view& text, char separator) {
  const std::size_t end = std::min(text.find(separator), text.size());
  const std::string_view word = text.substr(0, end);
  text.remove_prefix(std::min(end + 1, text.size()));
  return word;
}

/// "59.912" ms. Microseconds are the last digits that there are.
std::int64_t microseconds(std::string_view milliseconds) {
  std::int64_t value = 0;
  int decimals = -1;
  for (const char c : milliseconds) {
    if (c != '.') value = value * 10 + (c - '0');
    if (c == '.' || decimals >= 0) ++decimals;
  }
  for (int i = std::max(decimals, 0); i < 3; ++i) value *= 10;
  return value;
}

/// Half of it, in whole microseconds; halves up.
std::int64_t half(std::int64_t value) { return (value + 1) / 2; }

Duration length(std::int64_t microseconds_long) { return {microseconds_long * kNanosecondsPerMicrosecond}; }

/// The least is not always below the mean once they are in whole microseconds.
OneWay of_ping(std::int64_t least, std::int64_t mean, std::int64_t deviation) {
  const std::int64_t p50 = half(mean);
  const std::int64_t p95 = p50 + (half(deviation) * kDeviationsOfP95Thousandths + 500) / 1'000;
  return {length(p50), length(p95), length(std::min(half(least), p50 - 1))};
}

OneWay way_of(std::string_view columns, std::string_view figures) {
  std::vector<std::int64_t> values;
  while (!figures.empty()) values.push_back(microseconds(take(figures, ',')));
  if (columns == "least_ms,mean_ms,deviation_ms") return of_ping(values.at(0), values.at(1), values.at(2));
  if (columns == "p50_ms,p95_ms") return {length(half(values.at(0))), length(half(values.at(1)))};
  if (columns == "mean_ms") return {length(half(values.at(0))), length(half(values.at(0)))};
  throw std::logic_error("round trips with columns that nobody reads: " + std::string(columns));
}

void read_head(std::string_view line, RoundTrips& set) {
  const std::string_view word = take(line, ':');
  const std::string text(line.substr(std::min<std::size_t>(1, line.size())));
  if (word == "# title") set.title = text;
  if (word == "# measured") set.measured = text;
  if (word == "# source") set.source = text;
}

RoundTrips read(const CarriedFile& file) {
  RoundTrips set;
  set.name = file.path.substr(0, file.path.rfind('.'));
  std::string_view text = file.text;
  while (text.starts_with('#')) read_head(take(text, '\n'), set);
  std::string_view columns = take(text, '\n');
  take(columns, ',');
  take(columns, ',');
  std::set<std::string> regions;
  while (!text.empty()) {
    std::string_view line = take(text, '\n');
    const std::string_view from = take(line, ',');
    const std::string_view to = take(line, ',');
    set.pairs.push_back({std::string(from), std::string(to), way_of(columns, line)});
    regions.insert({std::string(from), std::string(to)});
  }
  set.regions.assign(regions.begin(), regions.end());
  return set;
}

}  // namespace

const OneWay* RoundTrips::find(std::string_view from, std::string_view to) const {
  const auto found =
      std::find_if(pairs.begin(), pairs.end(), [&](const Pair& pair) { return pair.from == from && pair.to == to; });
  return found == pairs.end() ? nullptr : &found->way;
}

std::vector<RoundTrips> all_round_trips() {
  std::vector<RoundTrips> sets;
  for (const CarriedFile& file : carried_round_trips()) sets.push_back(read(file));
  return sets;
}

}  // namespace parallax::scenarios::data
