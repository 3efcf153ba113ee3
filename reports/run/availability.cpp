#include "reports/run/availability.h"

#include <algorithm>

namespace parallax::reports {
namespace {

constexpr std::int64_t kHold_ns = 60'000'000'000;

struct Open {
  int first;
  int last;
};

std::size_t steps_in_column(const schema::Series& series, std::size_t columns) {
  const auto size = static_cast<std::size_t>(series.values_size());
  return std::max<std::size_t>((size + columns - 1) / std::max<std::size_t>(columns, 1), 1);
}

Dip closed(const schema::Series& series, const Open& open) {
  Dip dip{open.first * series.step_ns(), (open.last + 1) * series.step_ns(), 1, 0};
  int seconds = 0;
  for (int i = open.first; i <= open.last; ++i) {
    const double value = series.values(i);
    if (!(value >= 0)) continue;
    dip.least = std::min(dip.least, value);
    dip.mean += value;
    ++seconds;
  }
  dip.mean /= std::max(seconds, 1);
  return dip;
}

}  // namespace

std::vector<Dip> dips(const schema::Series& series, double share) {
  std::vector<Dip> found;
  std::optional<Open> open;
  for (int i = 0; i < series.values_size(); ++i) {
    if (!(series.values(i) >= 0 && series.values(i) < share)) continue;
    if (open && (i - open->last) * series.step_ns() > kHold_ns) {
      found.push_back(closed(series, *open));
      open.reset();
    }
    open = Open{open ? open->first : i, i};
  }
  if (open) found.push_back(closed(series, *open));
  return found;
}

std::optional<Dip> longest_dip(const schema::Series& series, double share) {
  const std::vector<Dip> found = dips(series, share);
  const auto longest = std::max_element(found.begin(), found.end(), [](const Dip& a, const Dip& b) {
    return a.end_ns - a.start_ns < b.end_ns - b.start_ns;
  });
  return longest == found.end() ? std::nullopt : std::optional(*longest);
}

std::vector<std::optional<Extent>> decimated(const schema::Series& series, std::size_t columns) {
  const auto size = static_cast<std::size_t>(series.values_size());
  const std::size_t group = steps_in_column(series, columns);
  std::vector<std::optional<Extent>> out((size + group - 1) / group);
  for (std::size_t i = 0; i < size; ++i) {
    const double value = series.values(static_cast<int>(i));
    if (!(value >= 0)) continue;
    std::optional<Extent>& extent = out[i / group];
    if (!extent) extent = Extent{value, value};
    extent = Extent{std::min(extent->least, value), std::max(extent->greatest, value)};
  }
  return out;
}

std::int64_t column_start_ns(const schema::Series& series, std::size_t columns, std::size_t column) {
  return static_cast<std::int64_t>(column * steps_in_column(series, columns)) * series.step_ns();
}

}  // namespace parallax::reports
