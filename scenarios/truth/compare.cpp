#include "scenarios/truth/compare.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <iterator>
#include <utility>

#include "scenarios/truth/figures.h"

namespace parallax::scenarios::truth {

namespace {

using AllFigures = std::array<double, kFigures.size()>;

// Enough that a distance between two distributions is good to 0.01.
constexpr std::size_t kQuantiles = 101;

// The least and the greatest of so many experiments hold 99 % of all others: (199 - 1) / (199 + 1).
constexpr std::uint32_t kEnough = 199;
// Of experiments in some of which it does not happen.
constexpr std::uint32_t kMost = 10 * kEnough;

// Which of the two is judged.
constexpr const char* kMeasured = "measured";
constexpr const char* kPredicted = "predicted";

constexpr std::size_t kGreatest = kFigures.size() - 1;

const schema::Figure& measured_figure(const schema::MeasuredRow& row, std::size_t which) {
  const std::array<const schema::Figure*, kFigures.size()> figures{&row.mean(), &row.p50(), &row.p95(), &row.max()};
  return *figures[which];
}

double slack(double figure, const std::string& unit) {
  return std::max(0.05 * std::abs(figure), unit == "ms" ? 3.0 : 1.0);
}

double mean_of(const std::vector<AllFigures>& experiments, std::size_t which) {
  double sum = 0;
  for (const AllFigures& figures : experiments) sum += figures[which];
  return sum / static_cast<double>(experiments.size());
}

/// Between which 99 % of experiments have it, if there are kEnough or more: of N the k-th least and greatest hold a
/// share of (N + 1 - 2 k) / (N + 1) of all others, whatever their distribution.
std::pair<double, double> range_of(const std::vector<AllFigures>& experiments, std::size_t which) {
  std::vector<double> values;
  for (const AllFigures& figures : experiments) values.push_back(figures[which]);
  std::sort(values.begin(), values.end());
  const std::size_t k = std::max<std::size_t>(1, (values.size() + 1) / 200);
  return {values[k - 1], values[values.size() - k]};
}

schema::TruthReportFigure compare_figure(const schema::MeasuredRow& row, const std::vector<AllFigures>& experiments,
                                         std::size_t which) {
  const schema::Figure& measured = measured_figure(row, which);
  const double wider = slack(measured.value(), row.unit());
  schema::TruthReportFigure figure;
  figure.set_name(std::string{kFigures[which]});
  figure.set_measured(measured.value());
  figure.set_predicted(mean_of(experiments, which));
  const bool is_one_draw = row.draws() == 1 || which == kGreatest;
  const auto [low, high] = is_one_draw ? range_of(experiments, which) : std::pair{measured.low(), measured.high()};
  figure.set_judged(is_one_draw ? kMeasured : kPredicted);
  figure.set_least(low - wider);
  figure.set_greatest(high + wider);
  const double judged = is_one_draw ? figure.measured() : figure.predicted();
  figure.set_within(judged >= figure.least() && judged <= figure.greatest());
  return figure;
}

/// Of each experiment in which it happened: of some cuts there is nothing to tell, for no name failed.
std::vector<AllFigures> figures_of_each(const Experiments& predicted) {
  std::vector<AllFigures> figures;
  for (const std::vector<double>& values : predicted) {
    if (!values.empty()) figures.push_back(figures_of(values));
  }
  return figures;
}

/// Whether a measured figure is not among those of the experiments, which are too few to say that it lies outside.
bool is_open(const schema::MeasuredRow& measured, const Experiments& predicted) {
  const std::vector<AllFigures> experiments = figures_of_each(predicted);
  if (experiments.size() >= kEnough) return false;
  for (std::size_t i = 0; i < kFigures.size(); ++i) {
    if (experiments.empty()) return true;
    const schema::TruthReportFigure figure = compare_figure(measured, experiments, i);
    if (figure.judged() == kMeasured && !figure.within()) return true;
  }
  return false;
}

/// How many experiments of the setting there are to be in all.
std::uint32_t wanted(const PlannedSetting& setting, const std::vector<Experiments>& rows) {
  const auto played = static_cast<std::uint32_t>(rows.front().size());
  const std::uint32_t more = std::min(2 * played, played < kEnough ? kEnough : kMost);
  if (std::uint64_t{setting.seeds} * more > kRunsMax) return played;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    if (is_open(setting.rows[i], rows[i])) return std::max(played, more);
  }
  return played;
}

void append(std::vector<Experiments>& rows, std::vector<Experiments> more) {
  rows.resize(more.size());
  for (std::size_t i = 0; i < more.size(); ++i) {
    std::move(more[i].begin(), more[i].end(), std::back_inserter(rows[i]));
  }
}

/// By setting and by row. A figure that lies among those of some experiments lies among those of any more: so more are
/// played only where one does not, twice as many each time.
std::vector<std::vector<Experiments>> play(const Plan& plan, const PredictOptions& options) {
  std::vector<Batch> batches;
  std::vector<std::size_t> numbers;
  for (const PlannedGroup& group : plan.groups) {
    for (const PlannedSetting& setting : group.settings) {
      numbers.push_back(batches.size());
      batches.push_back({&setting, 0, setting.experiments});
    }
  }
  std::vector<std::vector<Experiments>> settings(batches.size());
  while (!batches.empty()) {
    std::vector<std::vector<Experiments>> played = predict(batches, options);
    std::vector<Batch> open;
    std::vector<std::size_t> open_numbers;
    for (std::size_t i = 0; i < batches.size(); ++i) {
      append(settings[numbers[i]], std::move(played[i]));
      const std::uint32_t end = wanted(*batches[i].setting, settings[numbers[i]]);
      if (end == batches[i].end) continue;
      open.push_back({batches[i].setting, batches[i].end, end});
      open_numbers.push_back(numbers[i]);
    }
    batches = std::move(open);
    numbers = std::move(open_numbers);
  }
  return settings;
}

}  // namespace

schema::TruthReportRow compare(const schema::MeasuredRow& measured, const Experiments& predicted) {
  const std::vector<AllFigures> experiments = figures_of_each(predicted);
  std::vector<double> all;
  for (const std::vector<double>& values : predicted) all.insert(all.end(), values.begin(), values.end());
  schema::TruthReportRow row;
  row.set_setting(measured.setting());
  row.set_quantity(measured.quantity());
  row.set_unit(measured.unit());
  row.set_measured_n(measured.n());
  row.set_measured_draws(measured.draws());
  row.set_experiments(static_cast<std::uint32_t>(experiments.size()));
  row.set_predicted_n(all.size());
  *row.mutable_measured_quantiles() = measured.quantiles();
  row.set_within(!all.empty());
  if (all.empty()) return row;
  for (std::size_t i = 0; i < kFigures.size(); ++i) {
    *row.add_figures() = compare_figure(measured, experiments, i);
    row.set_within(row.within() && row.figures(static_cast<int>(i)).within());
  }
  row.set_ks_distance(ks_distance({measured.quantiles().begin(), measured.quantiles().end()}, all));
  if (measured.draws() == measured.n() && measured.n() > 1) row.set_ks_critical(ks_critical(measured.n(), all.size()));
  for (const double quantile : equally_spaced(std::move(all), kQuantiles)) row.add_predicted_quantiles(quantile);
  return row;
}

schema::TruthReport compare(const Plan& plan, const PredictOptions& options) {
  const auto predicted = play(plan, options);
  schema::TruthReport report;
  report.set_version(PARALLAX_VERSION);
  report.set_schema("parallax.truth/1");
  std::size_t number = 0;
  std::uint32_t within = 0;
  std::uint32_t outside = 0;
  for (const PlannedGroup& planned : plan.groups) {
    schema::TruthReportGroup& group = *report.add_groups();
    group.set_title(planned.group.title());
    group.set_measured(planned.measured.title());
    group.set_software(planned.measured.software());
    group.set_setup(planned.measured.setup());
    group.set_date(planned.measured.date());
    group.set_statistics(planned.measured.statistics());
    group.set_model(planned.model);
    group.set_kind(planned.group.scenario().empty() ? "testbed" : "scenario");
    group.set_mechanism(planned.group.mechanism());
    for (const PlannedSetting& setting : planned.settings) {
      for (std::size_t i = 0; i < setting.rows.size(); ++i) {
        schema::TruthReportRow row = compare(setting.rows[i], predicted[number][i]);
        for (const std::string& text : setting.overrides) row.add_set(text);
        if (!row.within()) row.set_reason(setting.reasons[i]);
        ++(row.within() ? within : outside);
        *group.add_rows() = std::move(row);
      }
      ++number;
    }
  }
  report.set_rows_within(within);
  report.set_rows_outside(outside);
  report.set_verdict(outside == 0 ? "pass" : "fail");
  return report;
}

}  // namespace parallax::scenarios::truth
