#include "scenarios/fitting/fit.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <memory>
#include <utility>

#include "scenarios/fitting/gamma_mixture.h"
#include "scenarios/fitting/goodness.h"
#include "scenarios/fitting/shifted_lognormal.h"
#include "scenarios/fitting/written.h"
#include "scenarios/statistics.h"
#include "scenarios/units.h"
#include "sim/elementary.h"

namespace parallax::scenarios::fitting {

namespace {

// Parameters are as certain with these as with all, and fitting takes seconds.
constexpr std::size_t kFitted = 20'000;

constexpr std::size_t kComponentsMost = 3;

/// So many values for each parameter at least.
constexpr std::size_t kSamplesPerParameter = 10;

struct Candidate {
  std::unique_ptr<Model> model;
  schema::FittedFamily told;
};

void add(std::unique_ptr<Model> model, const Samples& samples, const Samples& all, std::vector<Candidate>& candidates) {
  if (model == nullptr || model->freedom() * kSamplesPerParameter > samples.size()) return;
  schema::FittedFamily told;
  const auto freedom = static_cast<double>(model->freedom());
  told.set_name(model->name());
  told.set_freedom(static_cast<std::uint32_t>(model->freedom()));
  told.set_log_likelihood(log_likelihood(*model, samples));
  told.set_aic(2 * freedom - 2 * told.log_likelihood());
  told.set_bic(freedom * sim::log_of(static_cast<double>(samples.size())) - 2 * told.log_likelihood());
  const double gained = static_cast<double>(all.size()) / static_cast<double>(samples.size());
  for (const Parameter& parameter : model->parameters(samples)) {
    schema::FittedParameter& out = *told.add_parameters();
    out.set_name(parameter.name);
    out.set_unit(parameter.unit);
    out.set_value(parameter.value);
    out.set_error(parameter.error / std::sqrt(gained));
  }
  candidates.push_back({std::move(model), std::move(told)});
}

std::vector<Candidate> candidates_for(const Samples& samples, const Samples& all) {
  std::vector<Candidate> candidates;
  add(fit_lognormal(samples), samples, all, candidates);
  for (std::size_t count = 1; count <= kComponentsMost; ++count) {
    add(fit_gammas(samples, count), samples, all, candidates);
  }
  std::stable_sort(candidates.begin(), candidates.end(),
                   [](const Candidate& a, const Candidate& b) { return a.told.bic() < b.told.bic(); });
  return candidates;
}

/// The first that fits; null if none does. Those behind it are not asked.
const Candidate* first_that_fits(std::vector<Candidate>& candidates, const Samples& samples) {
  for (Candidate& candidate : candidates) {
    const auto goodness = goodness_of(*candidate.model, samples);
    if (!goodness) continue;
    candidate.told.set_distance(goodness->distance);
    candidate.told.set_critical(goodness->critical);
    candidate.told.set_p(goodness->p);
    if (goodness->fits()) return &candidate;
  }
  return nullptr;
}

std::string why_chosen(const Candidate& chosen, std::size_t before) {
  const std::string fits = fmt::format("its distance of {:.3f} is one that chance gives, {:.3f} at the most",
                                       chosen.told.distance(), chosen.told.critical());
  if (before == 0) return "The likeliest family by BIC, and " + fits + ".";
  return fmt::format("{} by BIC, but not as far from the values: {}.",
                     before == 1 ? "Not the likeliest family" : "Not among the likeliest families", fits);
}

std::string why_none(const std::vector<Candidate>& candidates, const Samples& samples) {
  if (candidates.empty()) {
    return samples.ns.front() <= 0 ? "None fits: some values are 0, which no such family has; the values are written "
                                     "as they are."
                                   : "None fits: too few different values for any family; the values are written as "
                                     "they are.";
  }
  const schema::FittedFamily& best = candidates.front().told;
  return fmt::format(
      "None fits: the likeliest, {}, is off by {:.3f} in the share below some length, where chance allows {:.3f}; the "
      "values are written as they are.",
      best.name(), best.distance(), best.critical());
}

schema::LengthSummary summary_of(const Samples& samples) {
  const auto at = [&](double p) { return static_cast<std::int64_t>(interpolated_quantile(samples.ns, p)); };
  schema::LengthSummary summary;
  summary.set_count(samples.size());
  summary.set_least_ns(at(0));
  summary.set_p50_ns(at(0.50));
  summary.set_p95_ns(at(0.95));
  summary.set_p99_ns(at(0.99));
  summary.set_greatest_ns(at(1));
  summary.set_mean_ns(static_cast<std::int64_t>(mean_of(samples.ns)));
  return summary;
}

void choose(const Samples& all, schema::Fit& out) {
  if (all.ns.front() == all.ns.back()) {
    out.set_chosen("constant");
    out.set_why("All values are the same.");
    out.mutable_delay()->set_constant(format_duration({static_cast<std::int64_t>(all.ns.front())}));
    return;
  }
  const Samples samples = thinned(all, kFitted);
  std::vector<Candidate> candidates = candidates_for(samples, all);
  const Candidate* const chosen = first_that_fits(candidates, samples);
  out.set_fitted(samples.size());
  out.set_tested(std::min(samples.size(), kTested));
  out.set_chosen(chosen != nullptr ? chosen->told.name() : "empirical");
  out.set_why(chosen != nullptr ? why_chosen(*chosen, static_cast<std::size_t>(chosen - candidates.data()))
                                : why_none(candidates, samples));
  *out.mutable_delay() = chosen != nullptr ? chosen->model->written() : written(all);
  for (Candidate& candidate : candidates) *out.add_families() = std::move(candidate.told);
}

}  // namespace

schema::Fit fit(Measurements measurements, const std::string& file, const std::string& as) {
  std::sort(measurements.ns.begin(), measurements.ns.end());
  Samples samples = samples_of(measurements.ns);
  measurements.ns = {};  // ten millions of them need not be there twice
  if (measurements.are_round_trips) {
    for (double& value : samples.ns) value /= 2;
    samples.step_ns /= 2;
  }
  schema::Fit out;
  out.set_version(PARALLAX_VERSION);
  out.set_schema("parallax.fit/1");
  out.set_file(file);
  out.set_column(measurements.column);
  out.set_as(as);
  out.set_round_trips(measurements.are_round_trips);
  out.set_lost(measurements.lost);
  out.set_step_ns(static_cast<std::int64_t>(samples.step_ns));
  *out.mutable_measured() = summary_of(samples);
  choose(samples, out);
  if (out.delay().has_empirical()) out.mutable_delay()->mutable_empirical()->set_data(file);
  *out.mutable_drawn() = drawn_from(out.delay());
  return out;
}

}  // namespace parallax::scenarios::fitting
