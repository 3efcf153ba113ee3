// What waits for something, and what operators do step by step.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <set>
#include <string>
#include <vector>

#include "models/domain/change.h"
#include "scenarios/check_word.h"
#include "scenarios/condition.h"
#include "scenarios/expect_place.h"
#include "scenarios/lost_nodes.h"
#include "scenarios/nodes.h"
#include "scenarios/sense.h"
#include "scenarios/wording.h"

namespace parallax::scenarios {
namespace {

const std::array<std::string, 2> kInVain{"abort", "go_on"};

std::vector<std::string> change_words() {
  std::vector<std::string> words;
  for (const domain::ChangeKind kind : domain::kChangeKinds) words.emplace_back(domain::name_of(kind));
  return words;
}

void check_becomes(const schema::Becomes& becomes, const schema::Scenario& scenario, Reporter& reporter) {
  expect_site_and_node(becomes, scenario, reporter);
  check_word(becomes, "state", becomes.state(), state_words(), reporter);
  const bool is_marked = becomes.state().starts_with("marked_");
  const bool is_of_nodes = becomes.state() == "lost" || becomes.state() == "powered" || becomes.state() == "ready";
  if (!becomes.node().empty() && !becomes.state().empty() && !is_of_nodes) {
    reporter.report(
        becomes, "state",
        fmt::format("a node becomes {}; expected lost, powered or ready, or no node", quoted(becomes.state())));
  }
  if (!becomes.seen_from().empty() && !is_marked) {
    reporter.report(becomes, "seen_from",
                    fmt::format("seen_from with the state {}; expected marked_down or marked_up, or no seen_from",
                                quoted(becomes.state())));
  }
}

void check_condition(const schema::Condition& condition, const schema::Scenario& scenario, Reporter& reporter) {
  const int kinds = condition.has_change() + condition.has_becomes() + condition.has_replication_lag();
  if (kinds != 1) {
    reporter.report(condition,
                    fmt::format("a condition is of {}; expected exactly one of change {{ ... }}, becomes {{ ... "
                                "}}, replication_lag {{ ... }}",
                                kinds == 0 ? "nothing" : "several things"));
  }
  if (condition.has_change()) {
    check_word(condition.change(), "kind", condition.change().kind(), change_words(), reporter);
    expect_site(condition.change(), "site", condition.change().site(), scenario, reporter);
  }
  if (condition.has_becomes()) check_becomes(condition.becomes(), scenario, reporter);
  if (!condition.has_replication_lag()) return;
  const schema::LagBelow& lag = condition.replication_lag();
  if (lag.from().empty() || lag.to().empty() || follows(scenario, lag.to(), lag.from())) return;
  reporter.report(
      lag, "to",
      fmt::format("{} does not follow {}; expected a replication from there", quoted(lag.to()), quoted(lag.from())));
}

int actions_of(const schema::Step& step) {
  return step.has_promote() + step.has_run_scripts() + step.has_add_column() + step.has_resynchronise() +
         step.has_drain() + step.has_restore() + step.has_restart() + step.has_fence();
}

void check_action(const schema::Step& step, const schema::Scenario& scenario, Reporter& reporter) {
  const int actions = actions_of(step);
  if (actions > 1) {
    reporter.report(step, "name",
                    fmt::format("step {} does several things; expected one of promote, fence, run_scripts, "
                                "add_column, resynchronise, drain, restore, restart, or none",
                                quoted(step.name())));
    return;
  }
  if ((actions == 1) == step.site().empty()) {
    reporter.report(step, actions == 1 ? "name" : "site",
                    actions == 1
                        ? fmt::format("step {} does not say where; expected site: \"...\"", quoted(step.name()))
                        : fmt::format("step {} does nothing at {}; expected an action, or no site", quoted(step.name()),
                                      quoted(step.site())));
    return;
  }
  expect_site_and_node(step, scenario, reporter);
  if (step.has_restart() && step.node().empty()) {
    reporter.report(step, "name", fmt::format("step {} restarts no node; expected node: \"...\"", quoted(step.name())));
  }
  if (!step.node().empty() && !step.has_drain() && !step.has_restore() && !step.has_restart()) {
    reporter.report(step, "node",
                    fmt::format("step {} does nothing to a node; expected drain, restore or restart, or no node",
                                quoted(step.name())));
  }
  if (step.has_promote()) expect_site(step.promote(), "fences", step.promote().fences(), scenario, reporter);
  const std::string& source = step.resynchronise().from();
  if (source.empty() || follows(scenario, step.site(), source)) return;
  reporter.report(
      step.resynchronise(), "from",
      fmt::format("{} does not follow {}; expected a replication from there", quoted(step.site()), quoted(source)));
}

void check_waiting(const schema::Step& step, const schema::Scenario& scenario, Reporter& reporter) {
  check_word(step, "in_vain", step.in_vain(), kInVain, reporter);
  if (step.has_waits_for()) return check_condition(step.waits_for(), scenario, reporter);
  if (step.at_most().empty()) return;
  reporter.report(
      step, "at_most",
      fmt::format("step {} waits for nothing; expected waits_for {{ ... }}, or no at_most", quoted(step.name())));
}

template <typename Has>
bool any_step(const schema::Scenario& scenario, Has&& has) {
  const auto& runbooks = scenario.runbooks();
  return std::any_of(runbooks.begin(), runbooks.end(), [&](const schema::Runbook& runbook) {
    return std::any_of(runbook.steps().begin(), runbook.steps().end(), has);
  });
}

void check_restored(const schema::Step& step, const schema::Scenario& scenario, Reporter& reporter) {
  if (!step.has_restore() || step.site().empty()) return;
  const auto drains = [&](const schema::Step& one) {
    return one.has_drain() && one.site() == step.site() && one.node() == step.node();
  };
  if (any_step(scenario, drains)) return;
  reporter.report(step, "restore",
                  fmt::format("step {} restores what no step drains; expected a step with drain {{}} of the same site "
                              "and node",
                              quoted(step.name())));
}

/// Whether the fault takes the power of a step's node.
bool loses_node(const schema::Scenario& scenario, const schema::Fault& fault, const schema::Step& step) {
  if (fault.has_site_down()) return fault.site_down().site() == step.site();
  const schema::NodeFrozen& frozen = fault.node_frozen();
  if (fault.has_node_frozen()) return frozen.site() == step.site() && frozen.node() == step.node();
  if (!loses_nodes(fault)) return false;
  const LostNodes lost = lost_nodes(scenario, fault);
  return lost.site == step.site() && std::find(lost.nodes.begin(), lost.nodes.end(), step.node()) != lost.nodes.end();
}

// When it is restarted is known only in the run, and what has no power cannot lose it.
void check_restarted(const schema::Step& step, const schema::Scenario& scenario, std::set<std::string>& restarted,
                     Reporter& reporter) {
  if (!step.has_restart() || step.node().empty()) return;
  const std::string target = step.site() + "/" + step.node();
  if (!restarted.insert(target).second) {
    reporter.report(step, "node",
                    fmt::format("{} is restarted by an earlier step; expected one restart of a node in all "
                                "runbooks",
                                quoted(target)));
  }
  for (const schema::Fault& fault : scenario.faults()) {
    if (!loses_node(scenario, fault, step)) continue;
    reporter.report(
        step, "node",
        fmt::format("{} is lost or stands still by fault {} as well; expected no fault there beside a restart",
                    quoted(target), quoted(fault.name())));
  }
}

void check_start(const schema::Runbook& runbook, const schema::Scenario& scenario, Reporter& reporter) {
  if (runbook.at().empty() == runbook.has_when()) {
    const auto at = duration_in(runbook.at());
    const auto end = duration_in(scenario.duration());
    if (!at || !end || *at < *end) return;
    reporter.report(runbook, "at",
                    fmt::format("runbook {} starts at {}, outside the run; expected less than its duration {}",
                                quoted(runbook.name()), quoted(runbook.at()), quoted(scenario.duration())));
    return;
  }
  reporter.report(runbook, "name",
                  fmt::format("runbook {} has {}; expected one of at: \"...\" and when {{ ... }}",
                              quoted(runbook.name()), runbook.has_when() ? "at and when" : "no start"));
}

}  // namespace

void check_runbooks(const schema::Scenario& scenario, Reporter& reporter) {
  for (const schema::Fault& fault : scenario.faults()) {
    if (fault.has_when()) check_condition(fault.when(), scenario, reporter);
  }
  std::set<std::string> restarted;
  for (const schema::Runbook& runbook : scenario.runbooks()) {
    check_start(runbook, scenario, reporter);
    if (runbook.has_when()) check_condition(runbook.when(), scenario, reporter);
    for (const schema::Step& step : runbook.steps()) {
      check_waiting(step, scenario, reporter);
      check_action(step, scenario, reporter);
      check_restored(step, scenario, reporter);
      check_restarted(step, scenario, restarted, reporter);
    }
  }
}

}  // namespace parallax::scenarios
