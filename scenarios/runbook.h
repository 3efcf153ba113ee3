// A runbook's steps: what is done at each, as the faults and database tasks that the world knows, and how far it has
// got. Drains and restarts are faults, with a number each whether they are ever done or not, so that what they touch
// is counted; what is drained and not restored stays so to the end of the run.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "scenarios/schema/scenario.pb.h"
#include "sim/time.h"

namespace parallax::scenarios {

/// Of one step in one run; what it has not come to is absent.
struct StepTimes {
  std::optional<sim::VirtualTime> begun;
  std::optional<sim::VirtualTime> ready;  ///< what it waits for has come, or it waits for nothing
  std::optional<sim::VirtualTime> done;
  bool gave_up{false};  ///< what it waits for did not come in time
};

struct RunbookTimes {
  std::string name;
  std::vector<StepTimes> steps;
};

/// "drains us-east", "promotes us-west, fences us-east"; empty: it does nothing but take time.
std::string what_it_does(const schema::Step& step);

/// What steps do to a scenario. Requires: all of it before `end`, in any order of time.
class Effects {
 public:
  /// Gives `scenario` a fault for each step that drains or restarts, in order, none of them on yet, and no runbooks.
  Effects(schema::Scenario& scenario, sim::Duration end);

  /// The step has been done at `at`.
  void add(const schema::Runbook& runbook, const schema::Step& step, sim::VirtualTime at);

 private:
  struct Order {
    std::string site;
    std::string node;
    sim::VirtualTime at;
  };

  void drain_or_restart(const schema::Runbook& runbook, const schema::Step& step, sim::VirtualTime at);
  sim::VirtualTime end_of_drain(const schema::Drained& drained, sim::VirtualTime begun) const;
  void shorten_drains();

  schema::Scenario& scenario_;
  sim::VirtualTime end_;
  int own_faults_;  ///< of the scenario; those of steps come after them
  std::vector<Order> restores_;
};

}  // namespace parallax::scenarios
