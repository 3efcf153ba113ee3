#include "reports/comparison/compared.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "reports/words.h"

namespace parallax::reports {
namespace {

constexpr std::size_t kFirstColumns = 5;
constexpr int kToldDesigns = 3;

std::string number_word(std::size_t number) {
  constexpr std::array<std::string_view, 13> kWords{"no",    "one",   "two",  "three", "four",   "five",  "six",
                                                    "seven", "eight", "nine", "ten",   "eleven", "twelve"};
  return number < kWords.size() ? std::string(kWords[number]) : fmt::to_string(number);
}

// "access that should have ended" of "Access that should have ended, 95th percentile": a sentence has commas enough.
std::string in_sentence(std::string words) {
  words.resize(std::min(words.find(", "), words.size()));
  if (!words.empty() && words[0] >= 'A' && words[0] <= 'Z') words[0] = static_cast<char>(words[0] - 'A' + 'a');
  return words;
}

void add_column(const schema::Comparison& comparison, const std::string& metric, std::vector<ComparedColumn>& columns) {
  const auto same = [&](const ComparedColumn& column) { return column.metric->name() == metric; };
  if (std::any_of(columns.begin(), columns.end(), same)) return;
  for (const schema::ComparedMetric& compared : comparison.metrics()) {
    if (compared.name() != metric) continue;
    ComparedColumn column{&compared, metric_words(metric, compared.unit()), {}};
    for (const schema::Result& design : comparison.designs()) column.rows.push_back(row_of(design, metric));
    columns.push_back(std::move(column));
  }
}

std::string target_tally(const TargetCount& count) { return fmt::format("{} of {}", count.met, count.all); }

std::string closest(const schema::Comparison& comparison) {
  std::vector<std::size_t> best;
  double greatest = -1;
  for (int i = 0; i < comparison.designs_size(); ++i) {
    const TargetCount count = targets_of(comparison.designs(i));
    const double share = count.all == 0 ? -1 : static_cast<double>(count.met) / count.all;
    if (share > greatest) best.clear();
    if (share >= greatest) best.push_back(static_cast<std::size_t>(i));
    greatest = std::max(greatest, share);
  }
  const std::string tally = target_tally(targets_of(comparison.designs(static_cast<int>(best.front()))));
  if (best.size() == static_cast<std::size_t>(comparison.designs_size())) return "; each meets " + tally;
  return fmt::format("; {} {} closest, with {}", joined(names_of(comparison, best)),
                     best.size() == 1 ? "comes" : "come", tally);
}

// Titles of the columns in which a design's difference has this verdict.
std::vector<std::string> titles_where(const schema::Comparison& comparison, const std::vector<ComparedColumn>& columns,
                                      int design, std::string_view verdict) {
  std::vector<std::string> titles;
  for (std::size_t i = 0; i < first_columns(comparison, columns); ++i) {
    const ComparedColumn& column = columns[i];
    const schema::Difference& difference = column.metric->differences(design);
    const std::string title = in_sentence(column.words.title);
    const bool is_told = std::find(titles.begin(), titles.end(), title) != titles.end();
    if (difference.n() > 0 && difference.verdict() == verdict && !is_told) titles.push_back(title);
  }
  return titles;
}

std::string against_baseline(const schema::Comparison& comparison, const std::vector<ComparedColumn>& columns,
                             int design) {
  const std::vector<std::string> better = titles_where(comparison, columns, design, "better");
  const std::vector<std::string> worse = titles_where(comparison, columns, design, "worse");
  const std::string& name = comparison.designs(design).scenario();
  if (better.empty() && worse.empty()) {
    return fmt::format("By the measures below no difference between it and {} is certain.", name);
  }
  if (worse.empty()) return fmt::format("{} is better at {}.", name, joined(better));
  if (better.empty()) return fmt::format("{} is worse at {}.", name, joined(worse));
  return fmt::format("{} is better at {}, and worse at {}.", name, joined(better), joined(worse));
}

bool is_best(const schema::ComparedMetric& metric, int design) {
  const auto& best = metric.best();
  return std::find(best.begin(), best.end(), static_cast<std::uint32_t>(design)) != best.end();
}

// `other` is among the best wherever `design` is, and somewhere else too.
bool dominates(const std::vector<ComparedColumn>& columns, int other, int design) {
  bool is_somewhere_better = false;
  for (const ComparedColumn& column : columns) {
    const auto& values = column.metric->values();
    if (values.Get(design).values().empty() || values.Get(other).values().empty()) return false;
    if (is_best(*column.metric, design) && !is_best(*column.metric, other)) return false;
    if (!is_best(*column.metric, design) && !is_best(*column.metric, other)) {
      const double ours = column.rows[static_cast<std::size_t>(design)].typical.value_or(0);
      const double theirs = column.rows[static_cast<std::size_t>(other)].typical.value_or(0);
      if (column.metric->higher_is_better() ? theirs < ours : theirs > ours) return false;
    }
    is_somewhere_better |= !is_best(*column.metric, design) && is_best(*column.metric, other);
  }
  return is_somewhere_better;
}

// "None of six designs is best at everything; a and b lead in 3 of 5 questions".
std::string headline_of_best(const schema::Comparison& comparison, const std::vector<ComparedColumn>& columns) {
  const std::size_t all = static_cast<std::size_t>(comparison.designs_size());
  std::vector<std::size_t> wins(all);
  std::size_t asked = 0;
  for (std::size_t i = 0; i < first_columns(comparison, columns); ++i) {
    const auto& best = columns[i].metric->best();
    if (best.empty() || static_cast<std::size_t>(best.size()) == all) continue;  // tells no design from another
    ++asked;
    for (const std::uint32_t place : best) ++wins[place];
  }
  if (asked == 0) return fmt::format("Between {} designs in the same trial no difference is certain", number_word(all));
  const std::size_t most = *std::max_element(wins.begin(), wins.end());
  std::vector<std::size_t> leaders;
  for (std::size_t i = 0; i < all; ++i) {
    if (wins[i] == most) leaders.push_back(i);
  }
  const std::string names = joined(names_of(comparison, leaders));
  const bool is_one = leaders.size() == 1;
  if (most == asked)
    return fmt::format("{} {} by every measure that tells the designs apart", names, is_one ? "leads" : "lead");
  return fmt::format("{} of the {} designs is best at everything; {} {} in {} of {} questions",
                     all == 2 ? "Neither" : "None", number_word(all), names, is_one ? "leads" : "lead", most, asked);
}

}  // namespace

std::vector<std::string> populations_of(const schema::Comparison& comparison, std::string_view name) {
  std::vector<std::string> populations;
  for (const schema::Result& design : comparison.designs()) {
    for (const schema::Metric& metric : design.metrics()) {
      if (metric.name() == name && !metric.population().empty()) populations.push_back(metric.population());
    }
    if (!populations.empty()) break;
  }
  return populations;
}

const schema::Metric* figure_of(const schema::Result& design, std::string_view name, std::string_view population) {
  for (const schema::Metric& metric : design.metrics()) {
    const bool is_whole = metric.writer().empty() && metric.observer().empty();
    if (is_whole && metric.name() == name && metric.population() == population) return &metric;
  }
  return nullptr;
}

std::vector<ComparedColumn> columns_of(const schema::Comparison& comparison) {
  std::vector<ComparedColumn> columns;
  for (const std::string& metric : comparison.asked()) {
    if (populations_of(comparison, metric).empty()) add_column(comparison, metric, columns);
  }
  if (!columns.empty()) return columns;
  for (const schema::Result& design : comparison.designs()) {
    for (const auto& expectation : design.expectations()) add_column(comparison, expectation.metric(), columns);
  }
  for (const schema::Result& design : comparison.designs()) {
    for (const Row& row : rows_of(design)) {
      if (columns.size() < kFirstColumns) add_column(comparison, row.metric, columns);
    }
  }
  return columns;
}

std::size_t first_columns(const schema::Comparison& comparison, const std::vector<ComparedColumn>& columns) {
  return comparison.asked().empty() ? columns.size() : std::min(columns.size(), kFirstColumns);
}

std::vector<ComparedColumn> columns_named(const schema::Comparison& comparison,
                                          std::span<const std::string_view> metrics) {
  std::vector<ComparedColumn> columns;
  for (const std::string_view metric : metrics) add_column(comparison, std::string(metric), columns);
  return columns;
}

TargetCount targets_of(const schema::Result& design) {
  const auto met = std::count_if(design.expectations().begin(), design.expectations().end(),
                                 [](const auto& expectation) { return expectation.verdict() == "pass"; });
  return {static_cast<int>(met), design.expectations_size()};
}

std::vector<std::string> names_of(const schema::Comparison& comparison, const std::vector<std::size_t>& places) {
  std::vector<std::string> names;
  for (const std::size_t place : places) names.push_back(comparison.designs(static_cast<int>(place)).scenario());
  return names;
}

std::string comparison_headline(const schema::Comparison& comparison, const std::vector<ComparedColumn>& columns) {
  const auto all = static_cast<std::size_t>(comparison.designs_size());
  std::vector<std::size_t> passing;
  std::vector<std::size_t> others;
  std::size_t with_targets = 0;
  for (std::size_t i = 0; i < all; ++i) {
    const TargetCount count = targets_of(comparison.designs(static_cast<int>(i)));
    with_targets += count.all > 0;
    (count.all > 0 && count.met == count.all ? passing : others).push_back(i);
  }
  if (with_targets == 0) return headline_of_best(comparison, columns);
  if (passing.empty()) {
    return fmt::format("{} meets all its targets{}",
                       all == 2 ? "Neither design" : fmt::format("None of the {} designs", number_word(all)),
                       closest(comparison));
  }
  if (others.empty()) {
    return all == 2 ? "Both designs meet all their targets"
                    : fmt::format("All {} designs meet all their targets", number_word(all));
  }
  const std::string names = joined(names_of(comparison, passing));
  if (passing.size() == 1) {
    return fmt::format("{} is the only one of {} designs that meets all its targets", names, number_word(all));
  }
  return fmt::format("{} meet all their targets; {} {} not", names, joined(names_of(comparison, others)),
                     others.size() == 1 ? "does" : "do");
}

std::string comparison_lede(const schema::Comparison& comparison, const std::vector<ComparedColumn>& columns) {
  const auto baseline = static_cast<int>(comparison.baseline());
  constexpr std::uint32_t kLeastSeeds = 6;  // as of median_interval()
  if (comparison.seeds() < kLeastSeeds) {
    return fmt::format("With {} no difference can be certain: it takes at least {}, and more for more designs.",
                       counted(comparison.seeds(), "run", "runs"), kLeastSeeds);
  }
  std::string out = fmt::format("Held against {}:", comparison.designs(baseline).scenario());
  int told = 0;
  for (int i = 0; i < comparison.designs_size(); ++i) {
    if (i == baseline || told++ >= kToldDesigns) continue;
    out += ' ';
    out += against_baseline(comparison, columns, i);
  }
  return out;
}

std::string signed_words(double difference, Measure measure) {
  if (measure == Measure::kShare) {  // a difference of shares is no share
    const double points = std::abs(difference) * 100;
    if (points == 0) return "0 points";
    // Near 1 a hundredth of a point is a tenth of what is missing.
    const int decimals = points >= 1 ? 1 : points >= 0.1 ? 2 : 3;
    const std::string words =
        points < 0.001 ? std::string("under\u00A00.001") : fmt::format("{:.{}f}", points, decimals);
    return fmt::format("{}{}\u00A0points", difference < 0 ? "−" : "+", words);
  }
  const std::string words = value_words(std::abs(difference), measure, Length::kMeasured);
  if (words == value_words(0, measure, Length::kMeasured)) return words;
  return (difference < 0 ? "−" : "+") + words;
}

std::string difference_words(const schema::Difference& difference, Measure measure) {
  if (difference.verdict() == "same" || difference.verdict() == "unclear") return difference.verdict();
  return signed_words(difference.median(), measure);
}

std::string interval_words(const schema::Difference& difference, Measure measure) {
  if (!difference.has_low() && !difference.has_high()) return "no interval";
  return fmt::format("{} to {}", difference.has_low() ? signed_words(difference.low(), measure) : "no limit",
                     difference.has_high() ? signed_words(difference.high(), measure) : "no limit");
}

std::string measured(double value, const ComparedColumn& column) {
  return value_words(value, column.words.measure, Length::kMeasured);
}

std::vector<bool> dominated(const schema::Comparison& comparison, const std::vector<ComparedColumn>& columns) {
  const int all = comparison.designs_size();
  std::vector<bool> is_dominated(static_cast<std::size_t>(all));
  for (int design = 0; design < all; ++design) {
    for (int other = 0; other < all; ++other) {
      if (other != design && dominates(columns, other, design)) is_dominated[static_cast<std::size_t>(design)] = true;
    }
  }
  return is_dominated;
}

}  // namespace parallax::reports
