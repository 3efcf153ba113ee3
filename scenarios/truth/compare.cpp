#include "scenarios/truth/compare.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "scenarios/truth/figures.h"

namespace parallax::scenarios::truth {

namespace {

using AllFigures = std::array<double, kFigures.size()>;

// Enough that a distance between two distributions is good to 0.01.
constexpr std::size_t kQuantiles = 101;

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

/// Between which 99 % of the experiments have it.
std::pair<double, double> range_of(const std::vector<AllFigures>& experiments, std::size_t which) {
  std::vector<double> values;
  for (const AllFigures& figures : experiments) values.push_back(figures[which]);
  std::sort(values.begin(), values.end());
  return {quantile_of(values, 0.005), quantile_of(values, 0.995)};
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
  figure.set_judged(is_one_draw ? "measured" : "predicted");
  figure.set_least(low - wider);
  figure.set_greatest(high + wider);
  const double judged = is_one_draw ? figure.measured() : figure.predicted();
  figure.set_within(judged >= figure.least() && judged <= figure.greatest());
  return figure;
}

}  // namespace

schema::TruthReportRow compare(const schema::MeasuredRow& measured, const Experiments& predicted) {
  schema::TruthReportRow row;
  row.set_setting(measured.setting());
  row.set_quantity(measured.quantity());
  row.set_unit(measured.unit());
  row.set_measured_n(measured.n());
  row.set_measured_draws(measured.draws());
  row.set_experiments(static_cast<std::uint32_t>(predicted.size()));
  std::vector<AllFigures> experiments;
  std::vector<double> all;
  for (const std::vector<double>& values : predicted) {
    if (values.empty()) continue;  // of some cuts there is nothing to tell: no name failed
    experiments.push_back(figures_of(values));
    all.insert(all.end(), values.begin(), values.end());
  }
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
  const auto predicted = predict(plan, options);
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
