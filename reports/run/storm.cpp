#include "reports/run/storm.h"

#include <fmt/format.h>

#include <algorithm>

#include "reports/escape.h"
#include "reports/words.h"

namespace parallax::reports {
namespace {

constexpr std::int64_t kSecond_ns = 1'000'000'000;
constexpr double kWave = 2;   // times what came before
constexpr double kMore = 10;  // calls a second, so that the noise of a few is no wave
constexpr double kRise = 1.25;

const schema::Series* series_of(const schema::Result& result, std::string_view name, std::string_view population) {
  for (const auto& series : result.series()) {
    if (series.name() == name && series.node() == population && series.step_ns() == kSecond_ns) return &series;
  }
  return nullptr;
}

// When the site is lost, taken out of some region's answers, and there again.
std::optional<Storm> outage_of(const schema::Result& result) {
  const auto lost = std::find_if(result.moments().begin(), result.moments().end(),
                                 [](const auto& moment) { return moment.event() == "lost"; });
  if (lost == result.moments().end()) {
    if (result.faults_size() == 0) return std::nullopt;
    const auto& fault = result.faults(0);
    return Storm{"", fault.start_ns(), fault.end_ns(), fault.end_ns(), 0, {}, {}};
  }
  const auto first_after = [&](std::string_view event) {
    for (const auto& moment : result.moments()) {
      if (moment.event() == event && moment.site() == lost->site() && moment.time_ns() >= lost->time_ns()) {
        return moment.time_ns();
      }
    }
    return std::int64_t{-1};
  };
  Storm storm{lost->site(), lost->time_ns(), first_after("marked_down"), first_after("ready"), 0, {}, {}};
  if (storm.moved_ns < 0) storm.moved_ns = storm.back_ns;
  return storm;
}

std::size_t second_of(std::int64_t ns, std::size_t size) {
  return ns < 0 ? size : std::min(static_cast<std::size_t>(ns / kSecond_ns), size);
}

bool is_wave(const Storm& storm, double rate) { return rate > kWave * storm.before && rate >= storm.before + kMore; }

std::optional<Peak> greatest(const Storm& storm, const std::vector<double>& sent, std::size_t from, std::size_t to) {
  std::optional<Peak> peak;
  for (std::size_t i = from; i < to; ++i) {
    if (!is_wave(storm, sent[i]) || (peak && sent[i] <= peak->rate)) continue;
    peak = Peak{static_cast<std::int64_t>(i) * kSecond_ns, sent[i]};
  }
  return peak;
}

// The greatest second that has risen from a lower one.
std::optional<Peak> risen(const Storm& storm, const std::vector<double>& sent, std::size_t from) {
  std::optional<Peak> peak;
  double lowest = from < sent.size() ? sent[from] : 0;
  for (std::size_t i = from; i < sent.size(); ++i) {
    lowest = std::min(lowest, sent[i]);
    if (!is_wave(storm, sent[i]) || sent[i] < kRise * lowest || (peak && sent[i] <= peak->rate)) continue;
    peak = Peak{static_cast<std::int64_t>(i) * kSecond_ns, sent[i]};
  }
  return peak;
}

}  // namespace

std::vector<double> sent_by(const schema::Result& result, std::string_view population) {
  const schema::Series* series = series_of(result, "calls_sent", population);
  return series == nullptr ? std::vector<double>{}
                           : std::vector<double>{series->values().begin(), series->values().end()};
}

std::vector<double> sent_by_all(const schema::Result& result) {
  std::vector<double> sum;
  for (const auto& series : result.series()) {
    if (series.name() != "calls_sent") continue;
    sum.resize(std::max(sum.size(), static_cast<std::size_t>(series.values_size())), 0.0);
    for (int i = 0; i < series.values_size(); ++i) sum[static_cast<std::size_t>(i)] += series.values(i);
  }
  return sum;
}

std::vector<double> served_of(const schema::Result& result, std::string_view population) {
  std::vector<double> calls = sent_by(result, population);
  const schema::Series* shares = series_of(result, "availability", population);
  for (std::size_t i = 0; i < calls.size(); ++i) {
    const bool is_known = shares != nullptr && static_cast<int>(i) < shares->values_size();
    calls[i] *= is_known ? std::max(shares->values(static_cast<int>(i)), 0.0) : 0;
  }
  return calls;
}

std::optional<Storm> storm_of(const schema::Result& result) {
  const std::vector<double> sent = sent_by_all(result);
  std::optional<Storm> storm = outage_of(result);
  if (sent.empty() || !storm) return std::nullopt;
  const std::size_t lost = second_of(storm->lost_ns, sent.size());
  if (lost == 0) return std::nullopt;
  for (std::size_t i = 0; i < lost; ++i) storm->before += sent[i] / static_cast<double>(lost);
  // What is sent in the second of the change still goes where it went before.
  const std::size_t moved = std::min(second_of(storm->moved_ns, sent.size()) + 1, sent.size());
  storm->first = greatest(*storm, sent, lost, moved);
  storm->second = risen(*storm, sent, moved);
  return storm->first || storm->second ? storm : std::nullopt;
}

std::string peak_words(const Storm& storm, const Peak& peak) {
  const std::string usual =
      storm.before >= 10 ? count_words(static_cast<std::uint64_t>(storm.before + 0.5)) : number_words(storm.before);
  return fmt::format("{} calls a second at {}, {:.0f} times the {} before",
                     count_words(static_cast<std::uint64_t>(peak.rate)), clock_words(peak.at_ns),
                     peak.rate / std::max(storm.before, 1e-9), usual);
}

std::string second_cause(const Storm& storm) {
  const bool is_back = storm.second && storm.back_ns >= 0 && storm.second->at_ns >= storm.back_ns;
  if (storm.site.empty()) return "the fault is over";
  return is_back ? isolated(storm.site) + " is back" : "the DNS has moved";
}

}  // namespace parallax::reports
