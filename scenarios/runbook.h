// A runbook's steps: what is done at each, as the faults and database tasks that the world knows, and how far it has
// got. Drains and restarts are faults, with a number each whether they are ever done or not, so that what they touch
// is counted; what is drained and not restored stays so to the end of the run.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <utility>
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

  /// A step, by its place and its runbook's, has been done at `at`. What is done at one instant counts in the order in
  /// which it is told here.
  void add(int runbook, int step, sim::VirtualTime at);

 private:
  struct Order {
    std::string site;
    std::string node;
    sim::VirtualTime at;
    std::size_t number;  ///< of those that were told, drains and restores
  };
  struct Drain {
    Order order;
    int fault;
  };

  void begin(const schema::Step& step, int fault, sim::VirtualTime at);
  sim::VirtualTime end_of(const Drain& drain) const;
  void shorten_drains();
  std::size_t orders() const { return drains_.size() + restores_.size(); }

  schema::Scenario& scenario_;
  sim::VirtualTime end_;
  google::protobuf::RepeatedPtrField<schema::Runbook> runbooks_;
  std::map<std::pair<int, int>, int> fault_of_;  ///< by runbook and step
  std::vector<Drain> drains_;
  std::vector<Order> restores_;
};

}  // namespace parallax::scenarios
