#include "scenarios/result_tables.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <string>
#include <tuple>

#include "scenarios/kaplan_meier.h"
#include "scenarios/measure.h"

namespace parallax::scenarios {

using audit::Ending;
using audit::LimitFinding;
using audit::MinuteCounts;
using audit::Piece;
using audit::WindowFinding;

std::string object_name(domain::ObjectRef object) {
  switch (object.kind()) {
    case domain::ObjectKind::kToken:
      return fmt::format("token {}", object.id());
    case domain::ObjectKind::kApi:
      return fmt::format("api {}", object.id());
    case domain::ObjectKind::kSubscription:
      return fmt::format("subscription {}", object.id());
    case domain::ObjectKind::kPolicy:
      return fmt::format("policy {}", object.id());
  }
  return {};
}

namespace {

constexpr std::size_t kWorstWindows = 20;  // per change and site pair (design: result.json)

std::string site_of(const std::string& node) { return node.substr(0, node.find('/')); }
const std::string& node_name(const SeedRun& run, domain::NodeId node) { return run.node_names[domain::index(node)]; }

std::string_view ending_name(Ending ending) {
  switch (ending) {
    case Ending::kVisible:
      return "visible";
    case Ending::kMoot:
      return "moot";
    case Ending::kCensored:
      return "censored";
  }
  return {};
}

// All windows of a class, over all seeds.
struct Class {
  std::vector<Lifetime> lengths;
  std::uint64_t zero{0};
  std::uint64_t censored{0};
  std::uint64_t moot{0};
  std::uint64_t flapping{0};
  std::int64_t first_start{sim::kNever.ns};
  std::int64_t last_end{0};
  std::map<domain::Stage, std::int64_t> stages;

  void add(const WindowFinding& window) {
    lengths.push_back({window.length.ns, window.ending == Ending::kCensored});
    censored += window.ending == Ending::kCensored;
    moot += window.ending == Ending::kMoot;
    flapping += window.first_visible < window.length;
    if (window.length.ns == 0) {
      ++zero;
      return;
    }
    first_start = std::min(first_start, window.start.ns);
    last_end = std::max(last_end, (window.start + window.length).ns);
    for (const Piece& piece : window.pieces) stages[piece.stage] += piece.length.ns;
  }
};

void add_stages(const Class& of, schema::WindowClass& out) {
  std::int64_t all = 0;
  for (const auto& [stage, length] : of.stages) all += length;
  for (const auto& [stage, length] : of.stages) {
    schema::StageTotal& total = *out.add_stages();
    total.set_stage(std::string{domain::name_of(stage)});
    total.set_share(static_cast<double>(length) / static_cast<double>(all));
  }
}

void fill_class(Class& of, schema::WindowClass& out) {
  const std::size_t count = of.lengths.size();
  const KaplanMeier lengths{std::move(of.lengths)};
  out.set_count(count);
  out.set_zero(of.zero);
  out.set_censored(of.censored);
  out.set_moot(of.moot);
  out.set_flapping(of.flapping);
  out.set_p50_ns(lengths.quantile(0.50).ns);
  out.set_p95_ns(lengths.quantile(0.95).ns);
  out.set_p99_ns(lengths.quantile(0.99).ns);
  out.set_max_ns(lengths.quantile(1).ns);
  if (lengths.reached() < 1) out.set_reached(lengths.reached());
  for (int percent = 0; percent <= 100; ++percent) out.add_quantiles_ns(lengths.quantile(percent / 100.0).ns);
  if (of.zero == count) return;
  out.set_first_start_ns(of.first_start);
  out.set_last_end_ns(of.last_end);
  add_stages(of, out);
}

using ClassKey = std::tuple<domain::ChangeKind, std::string, std::string>;  // change, writer's site, observer

void add_window_classes(const std::vector<SeedRun>& runs, schema::Result& result) {
  std::map<ClassKey, Class> classes;
  for (const SeedRun& run : runs) {
    for (const auto& windows : by_change(run.findings.windows)) {
      const std::string writer = site_of(node_name(run, windows.front().writer));
      classes[{windows.front().change, writer, "*"}].add(complete_window(windows));
      for (const WindowFinding& window : windows) {
        classes[{window.change, writer, node_name(run, window.observer)}].add(window);
      }
    }
  }
  for (auto& [key, of] : classes) {
    schema::WindowClass& out = *result.add_window_classes();
    out.set_change(std::string{domain::name_of(std::get<0>(key))});
    out.set_writer(std::get<1>(key));
    out.set_observer(std::get<2>(key));
    fill_class(of, out);
  }
}

struct WorstWindow {
  const SeedRun* run;
  const WindowFinding* window;
};

// A total order: length first, then where it stands in the journals.
bool worse(const WorstWindow& a, const WorstWindow& b) {
  if (a.window->length != b.window->length) return a.window->length > b.window->length;
  return std::tuple{a.run->seed, a.window->id, a.window->observer} <
         std::tuple{b.run->seed, b.window->id, b.window->observer};
}

void add_worst_windows(const std::vector<SeedRun>& runs, schema::Result& result) {
  std::map<ClassKey, std::vector<WorstWindow>> pairs;
  for (const SeedRun& run : runs) {
    for (const WindowFinding& window : run.findings.windows) {
      if (window.length.ns == 0) continue;
      const ClassKey pair{window.change, site_of(node_name(run, window.writer)),
                          site_of(node_name(run, window.observer))};
      pairs[pair].push_back({&run, &window});
    }
  }
  for (auto& [pair, windows] : pairs) {
    const std::size_t kept = std::min(kWorstWindows, windows.size());
    std::partial_sort(windows.begin(), windows.begin() + static_cast<std::ptrdiff_t>(kept), windows.end(), worse);
    for (std::size_t i = 0; i < kept; ++i) *result.add_windows() = to_window(*windows[i].run, *windows[i].window);
  }
}

}  // namespace

std::string id_of(const SeedRun& run, const sim::RecordId& record) {
  return fmt::format("{}/{}/{}", run.seed, site_name(run, record.site()), record.number());
}

schema::Window to_window(const SeedRun& run, const WindowFinding& window) {
  schema::Window out;
  out.set_id(id_of(run, window.id));
  out.set_seed(run.seed);
  out.set_change(std::string{domain::name_of(window.change)});
  out.set_object(object_name(window.object));
  out.set_writer(node_name(run, window.writer));
  out.set_observer(node_name(run, window.observer));
  out.set_start_ns(window.start.ns);
  out.set_length_ns(window.length.ns);
  out.set_ending(std::string{ending_name(window.ending)});
  for (const Piece& piece : window.pieces) {
    schema::Stage& stage = *out.add_stages();
    stage.set_name(std::string{domain::name_of(piece.stage)});
    stage.set_length_ns(piece.length.ns);
  }
  out.set_wrong_decisions(window.wrong_decisions);
  if (window.first_visible < window.length) out.set_first_visible_ns(window.first_visible.ns);
  return out;
}

void add_window_tables(const std::vector<SeedRun>& runs, schema::Result& result) {
  add_window_classes(runs, result);
  add_worst_windows(runs, result);
}

void add_decision_tables(const std::vector<SeedRun>& runs, schema::Result& result) {
  audit::Findings all;
  for (const SeedRun& run : runs) {
    for (const auto& [key, count] : run.findings.wrong) all.wrong[key] += count;
  }
  for (const auto& [key, count] : all.wrong) {
    const auto& [error, why, stage, node] = key;
    schema::DecisionTally& tally = *result.add_decisions();
    tally.set_error(std::string{audit::name_of(error)});
    tally.set_why(std::string{audit::name_of(why)});
    tally.set_cause(std::string{domain::name_of(stage)});
    tally.set_node(node_name(runs.front(), node));
    tally.set_count(count);
  }
}

namespace {

void fill_limit_window(const SeedRun& run, const LimitFinding& finding, schema::LimitWindow& out) {
  const domain::Subscription& subscription = run.catalog.subscriptions[domain::index(finding.subscription)];
  const domain::Tier& tier = run.catalog.tier_of(finding.subscription);
  out.set_seed(run.seed);
  out.set_key(fmt::format("subscription {} (application {}, api {})", domain::index(finding.subscription),
                          domain::index(subscription.application), domain::index(subscription.api)));
  out.set_tier(tier.name);
  out.set_start_ns(finding.start.ns);
  out.set_width_ns(tier.limit->window.ns);
  out.set_limit(finding.limit);
  out.set_demand(finding.demand);
  out.set_admitted(finding.admitted);
  out.set_over(finding.over);
  out.set_flips(finding.flips);
  for (std::size_t node = 0; node < run.node_names.size(); ++node) {
    schema::NodeCount& count = *out.add_by_node();
    count.set_node(run.node_names[node]);
    count.set_admitted(finding.admitted_by_node[node]);
    count.set_refused(finding.refused_by_node[node]);
  }
}

}  // namespace

void add_limit_table(const std::vector<SeedRun>& runs, schema::Result& result) {
  struct Worst {
    const SeedRun* run;
    const LimitFinding* finding;
  };
  std::vector<Worst> all;
  for (const SeedRun& run : runs) {
    for (const LimitFinding& finding : run.findings.worst_limits) all.push_back({&run, &finding});
  }
  // Each run's list is in order and runs are in seed order: a stable sort keeps both.
  std::stable_sort(all.begin(), all.end(),
                   [](const Worst& a, const Worst& b) { return a.finding->over > b.finding->over; });
  all.resize(std::min(all.size(), audit::kWorstLimits));
  for (const Worst& worst : all) fill_limit_window(*worst.run, *worst.finding, *result.add_limit_windows());
}

void add_series(const SeedRun& run, schema::Result& result) {
  struct Column {
    const char* name;
    std::uint64_t MinuteCounts::*member;
  };
  static constexpr Column kColumns[] = {
      {"requests", &MinuteCounts::requests},           {"wrong_allow", &MinuteCounts::wrong_allow},
      {"wrong_deny", &MinuteCounts::wrong_deny},       {"wrong_variant", &MinuteCounts::wrong_variant},
      {"refused_quota", &MinuteCounts::refused_quota}, {"not_found", &MinuteCounts::not_found}};
  for (const Column& column : kColumns) {
    for (std::size_t node = 0; node < run.node_names.size(); ++node) {
      schema::Series& series = *result.add_series();
      series.set_name(column.name);
      series.set_unit("requests");
      series.set_node(run.node_names[node]);
      series.set_step_ns(sim::minutes(1).ns);
      for (const MinuteCounts& minute : run.findings.minutes[node]) {
        series.add_values(static_cast<double>(minute.*column.member));
      }
    }
  }
}

}  // namespace parallax::scenarios
