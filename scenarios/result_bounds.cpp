#include "scenarios/result_bounds.h"

#include <algorithm>
#include <map>
#include <tuple>

#include "scenarios/bounds/dependencies.h"
#include "scenarios/bounds/single_fault.h"
#include "scenarios/compile.h"
#include "scenarios/settle.h"

namespace parallax::scenarios {

namespace {

using Group = std::tuple<domain::ChangeKind, std::string, std::string>;

constexpr const char* kAtRandom = "faults come at random, and nothing says how many or how long";

std::string site_of_node(const std::string& node) { return node.substr(0, node.find('/')); }

// No bound is worse than any.
bool is_worse(const std::optional<sim::Duration>& one, const std::optional<sim::Duration>& other) {
  return other && (!one || *one > *other);
}

bool is_worse(const bounds::Bound& one, const bounds::Bound& other) {
  if (is_worse(one.greatest, other.greatest)) return true;
  return !is_worse(other.greatest, one.greatest) && is_worse(one.undisturbed, other.undisturbed);
}

schema::Bound to_schema(const Group& group, const bounds::Bound& worst, sim::Duration least) {
  schema::Bound bound;
  bound.set_change(std::string{domain::name_of(std::get<0>(group))});
  bound.set_writer(std::get<1>(group));
  bound.set_observer(std::get<2>(group));
  bound.set_least_ns(least.ns);
  if (worst.undisturbed) bound.set_undisturbed_ns(worst.undisturbed->ns);
  if (worst.greatest) bound.set_greatest_ns(worst.greatest->ns);
  bound.set_why(worst.why);
  bound.set_ends_with_token(worst.ends_with_token);
  for (const bounds::BoundStage& stage : worst.way) {
    schema::BoundStage& out = *bound.add_way();
    out.set_stage(std::string{domain::name_of(stage.stage)});
    out.set_least_ns(stage.least.ns);
    out.set_greatest_ns(stage.greatest.value_or(sim::Duration{}).ns);
    out.set_to(stage.to);
  }
  return bound;
}

bool draws_faults(const schema::Scenario& scenario) {
  return std::any_of(scenario.faults().begin(), scenario.faults().end(),
                     [](const schema::Fault& fault) { return fault.has_random(); });
}

// Quantiles and the greatest of all windows of a kind.
bool is_bounded_by(const std::string& metric, const std::string& change) {
  const std::string prefix = "window." + change + ".";
  if (!metric.starts_with(prefix)) return false;
  const std::string statistic = metric.substr(prefix.size());
  return statistic == "max" || statistic.starts_with('p');
}

// Of each pair of sites the worst over their nodes.
std::vector<schema::Bound> draw_up_bounds(const std::vector<bounds::Bound>& bounds,
                                          const std::vector<std::string>& node_names) {
  std::map<Group, std::pair<const bounds::Bound*, sim::Duration>> groups;
  for (const bounds::Bound& bound : bounds) {
    const Group group{bound.change, site_of_node(node_names[domain::index(bound.writer)]),
                      site_of_node(node_names[domain::index(bound.observer)])};
    auto& [worst, least] = groups.emplace(group, std::pair{&bound, bound.least}).first->second;
    if (is_worse(bound, *worst)) worst = &bound;
    least = std::min(least, bound.least);
  }
  std::vector<schema::Bound> out;
  for (const auto& [group, found] : groups) out.push_back(to_schema(group, *found.first, found.second));
  return out;
}

// Of what faults at random add there is no bound, whatever the seeds at hand have drawn.
void add_sites_bounds(const schema::Scenario& scenario, const std::vector<bounds::Bound>& bounds,
                      const std::vector<std::string>& node_names, schema::Result& result) {
  const bool is_random = draws_faults(scenario);
  for (schema::Bound& bound : draw_up_bounds(bounds, node_names)) {
    if (is_random && !bound.ends_with_token()) {
      bound.clear_greatest_ns();
      if (bound.has_undisturbed_ns()) bound.set_why(kAtRandom);
    }
    *result.add_bounds() = std::move(bound);
  }
}

// Faults that wait for something are on at other times, and for as long, in each seed, if they are at all.
std::vector<bounds::Bound> worst_of_all(const std::vector<SeedRun>& runs) {
  std::vector<bounds::Bound> worst = runs.front().bounds;
  for (const SeedRun& run : runs) {
    for (std::size_t i = 0; i < worst.size(); ++i) {
      if (is_worse(run.bounds[i], worst[i])) worst[i] = run.bounds[i];
    }
  }
  return worst;
}

void add_dependencies(const world::WorldConfig& config, schema::Result& result) {
  for (const bounds::Dependency& dependency : bounds::dependencies_of(config)) {
    schema::Dependency& out = *result.add_dependencies();
    out.set_path(std::string{bounds::name_of(dependency.path)});
    out.set_who(dependency.who);
    out.set_whom(dependency.whom);
    out.set_why(dependency.why);
  }
  for (const bounds::SinglePoint& point : bounds::single_points_of(config)) {
    schema::SinglePoint& out = *result.add_single_points();
    out.set_what(point.what);
    out.set_breaks(point.breaks);
  }
}

void add_any_fault(const world::WorldConfig& config, schema::Result& result) {
  for (const bounds::AnyFault& worst : bounds::bounds_under_any_fault(config)) {
    schema::AnyFault& out = *result.add_under_any_fault();
    out.set_change(std::string{domain::name_of(worst.change)});
    if (worst.greatest) out.set_greatest_ns(worst.greatest->ns);
    out.set_ends_with_token(worst.ends_with_token);
    out.set_fault(worst.fault);
    out.set_writer(worst.writer);
    out.set_observer(worst.observer);
  }
}

// Nothing is played, so nobody knows when what a fault waits for comes: it is there from the first. A bound does not
// ask when a fault comes, only how long it lasts.
schema::Scenario without_conditions(schema::Scenario scenario) {
  for (schema::Fault& fault : *scenario.mutable_faults()) {
    if (!fault.has_when()) continue;
    fault.clear_when();
    fault.set_at("0s");
  }
  return settle(scenario, 1, [](const schema::Scenario&, const Reader&) { return sim::VirtualTime{}; }).scenario;
}

}  // namespace

void add_bounds(const schema::Scenario& scenario, const std::vector<SeedRun>& runs, schema::Result& result) {
  for (const SeedRun& run : runs) {
    result.set_windows_seen(result.windows_seen() + run.windows_longer_than_nothing);
    result.set_windows_bounded(result.windows_bounded() + run.windows_bounded);
  }
  add_sites_bounds(scenario, worst_of_all(runs), runs.front().node_names, result);
  add_dependencies(compile(without_conditions(scenario), 1), result);
  for (schema::Metric& metric : *result.mutable_metrics()) {
    std::optional<std::int64_t> undisturbed{0};
    for (const schema::Bound& bound : result.bounds()) {
      if (!is_bounded_by(metric.name(), bound.change())) continue;
      if (!bound.has_greatest_ns()) metric.set_unbounded(bound.why());
      undisturbed = undisturbed && bound.has_undisturbed_ns()
                        ? std::optional{std::max(*undisturbed, bound.undisturbed_ns())}
                        : std::nullopt;
      metric.set_bound(std::max(metric.bound(), static_cast<double>(bound.greatest_ns()) / 1e9));
    }
    if (!metric.unbounded().empty()) metric.clear_bound();
    const bool is_bounded = metric.has_bound() || !metric.unbounded().empty();
    if (is_bounded && undisturbed) metric.set_bound_undisturbed(static_cast<double>(*undisturbed) / 1e9);
  }
}

schema::Result foresee(const schema::Scenario& scenario) {
  schema::Result result;
  result.set_scenario(scenario.name());
  *result.mutable_config() = scenario;
  const world::WorldConfig config = compile(without_conditions(scenario), 1);
  std::vector<std::string> node_names;
  for (const world::SiteConfig& site : config.sites) {
    for (const std::string& node : site.nodes) node_names.push_back(site.name + "/" + node);
  }
  add_sites_bounds(scenario, bounds::bounds_of(config), node_names, result);
  add_dependencies(config, result);
  add_any_fault(config, result);
  return result;
}

}  // namespace parallax::scenarios
