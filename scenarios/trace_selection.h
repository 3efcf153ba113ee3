// The records that a trace shows of changes: some changes, spread evenly over the run, and of each what the journal
// says became of it. A record belongs to a change if the chain of its causes leads there, or else if it is about the
// change's object and comes later. However long the run, there are at most kMostSteps, and the ends of what was under
// way.
#pragma once

#include <boost/unordered/unordered_flat_map.hpp>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <utility>
#include <vector>

#include "models/domain/change.h"
#include "models/domain/ids.h"
#include "sim/record.h"
#include "sim/time.h"

namespace parallax::scenarios {

class TraceSelection {
 public:
  /// Of each kind of change the first kShown in each of the run's kSlots equal parts.
  static constexpr std::int64_t kSlots = 256;
  static constexpr std::size_t kShown = 4;
  static constexpr std::size_t kMostStepsOfChange = 64;  ///< beside its end; a cache may fill again and again
  static constexpr std::size_t kMostSteps = 100'000;

  explicit TraceSelection(sim::Duration run);

  void read(const sim::Record& record);

  struct Step {
    sim::Record record;
    std::optional<std::uint32_t> cause;  ///< a step too, with a smaller number
  };
  /// In the order of the journal.
  const std::vector<Step>& steps() const { return steps_; }
  std::optional<std::uint32_t> find(sim::RecordId record) const;

  struct Count {
    std::uint64_t all{0};
    std::uint64_t shown{0};
  };
  const std::map<domain::ChangeKind, Count>& changes() const { return changes_; }
  std::uint64_t steps_left_out() const { return left_out_; }  ///< of changes that are shown

 private:
  void invoked(const sim::Record& record);
  void ended(const sim::Record& record);
  void add_step(const sim::Record& record, domain::ObjectRef object, domain::ObjectRef companion);
  void keep(const sim::Record& record, std::optional<std::uint32_t> cause, std::uint32_t change);
  std::optional<std::uint32_t> change_of(std::optional<std::uint32_t> cause, domain::ObjectRef object,
                                         domain::ObjectRef companion) const;

  sim::Duration slot_;
  std::vector<Step> steps_;
  std::vector<std::uint32_t> change_of_step_;                          ///< the step in which it was invoked
  boost::unordered_flat_map<std::uint64_t, std::uint32_t> by_record_;  // looked up, never iterated
  boost::unordered_flat_map<std::uint32_t, std::uint32_t> by_object_;  ///< its latest change; never iterated
  boost::unordered_flat_map<std::uint32_t, std::size_t> steps_of_;     ///< of a change; never iterated
  std::map<domain::ChangeKind, Count> changes_;
  std::map<domain::ChangeKind, std::pair<std::int64_t, std::size_t>> in_slot_;  ///< the slot of the last, and its count
  std::uint64_t left_out_{0};
};

}  // namespace parallax::scenarios
