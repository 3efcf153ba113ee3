#include "scenarios/runbook.h"

#include <fmt/format.h>

#include <algorithm>

#include "scenarios/checked_text.h"

namespace parallax::scenarios {

namespace {

std::string name_of(const schema::Runbook& runbook, const schema::Step& step) {
  return runbook.name() + ": " + step.name();
}

std::string target_of(const schema::Step& step) {
  return step.node().empty() ? step.site() : step.site() + "/" + step.node();
}

std::string in_ns(std::int64_t ns) { return fmt::format("{}ns", ns); }

schema::Fault fault_of(const schema::Runbook& runbook, const schema::Step& step) {
  schema::Fault fault;
  fault.set_name(name_of(runbook, step));
  fault.mutable_when();  // so that it has no time yet
  if (step.has_drain()) {
    fault.mutable_drained()->set_site(step.site());
    fault.mutable_drained()->set_node(step.node());
  } else {
    fault.mutable_node_down()->set_site(step.site());
    fault.mutable_node_down()->set_node(step.node());
    fault.mutable_node_down()->set_loses("process");
  }
  return fault;
}

void add_task(const schema::Runbook& runbook, const schema::Step& step, sim::VirtualTime at,
              schema::Scenario& scenario) {
  schema::DatabaseTask task;
  task.set_name(name_of(runbook, step));
  task.set_at(in_ns(at.ns));
  task.set_site(step.site());
  if (step.has_promote()) *task.mutable_promote() = step.promote();
  if (step.has_fence()) *task.mutable_fence() = step.fence();
  if (step.has_run_scripts()) *task.mutable_run_scripts() = step.run_scripts();
  if (step.has_add_column()) *task.mutable_add_column() = step.add_column();
  if (step.has_resynchronise()) *task.mutable_resynchronise() = step.resynchronise();
  *scenario.add_database_tasks() = task;
}

}  // namespace

std::string what_it_does(const schema::Step& step) {
  const std::string target = target_of(step);
  if (step.has_drain()) return "drains " + target;
  if (step.has_restore()) return "restores " + target;
  if (step.has_restart()) return "restarts " + target;
  if (step.has_fence()) return "fences " + target;
  if (step.has_run_scripts()) return "runs the scripts of " + target;
  if (step.has_add_column()) return "adds a column at " + target;
  if (step.has_resynchronise()) return fmt::format("resynchronises {} from {}", target, step.resynchronise().from());
  if (!step.has_promote()) return "";
  const std::string& fenced = step.promote().fences();
  return "promotes " + target + (fenced.empty() ? "" : ", fences " + fenced);
}

Effects::Effects(schema::Scenario& scenario, sim::Duration end)
    : scenario_{scenario}, end_{sim::VirtualTime{} + end}, runbooks_{scenario.runbooks()} {
  scenario.clear_runbooks();
  for (int book = 0; book < runbooks_.size(); ++book) {
    for (int place = 0; place < runbooks_[book].steps_size(); ++place) {
      const schema::Step& step = runbooks_[book].steps(place);
      if (!step.has_drain() && !step.has_restart()) continue;
      fault_of_[{book, place}] = scenario.faults_size();
      *scenario.add_faults() = fault_of(runbooks_[book], step);
    }
  }
}

void Effects::add(int runbook, int place, sim::VirtualTime at) {
  const schema::Step& step = runbooks_[runbook].steps(place);
  if (step.has_restore()) {
    restores_.push_back({step.site(), step.node(), at, orders()});
    shorten_drains();
  } else if (step.has_drain() || step.has_restart()) {
    begin(step, fault_of_.at({runbook, place}), at);
  } else if (!what_it_does(step).empty()) {
    add_task(runbooks_[runbook], step, at, scenario_);
  }
}

void Effects::begin(const schema::Step& step, int number, sim::VirtualTime at) {
  schema::Fault& fault = *scenario_.mutable_faults(number);
  fault.clear_when();
  fault.set_at(in_ns(at.ns));
  const sim::Duration left = end_ - at;
  fault.set_lasts(in_ns(step.has_drain() ? left.ns : std::min(left, duration(step.restart().lasts())).ns));
  if (!step.has_drain()) return;
  drains_.push_back({{step.site(), step.node(), at, orders()}, number});
  shorten_drains();
}

// With the first order to restore it that comes after. One at the same instant leaves it a nanosecond.
sim::VirtualTime Effects::end_of(const Drain& drain) const {
  const Order& begun = drain.order;
  sim::VirtualTime end = end_;
  for (const Order& restore : restores_) {
    const bool is_later = restore.at > begun.at || (restore.at == begun.at && restore.number > begun.number);
    if (!is_later || restore.site != begun.site || restore.node != begun.node) continue;
    end = std::min(end, std::max(restore.at, begun.at + sim::Duration{1}));
  }
  return end;
}

void Effects::shorten_drains() {
  for (const Drain& drain : drains_) {
    scenario_.mutable_faults(drain.fault)->set_lasts(in_ns((end_of(drain) - drain.order.at).ns));
  }
}

}  // namespace parallax::scenarios
