// Whether what a fault or a runbook waits for has come, as the journal of a run tells.
//
// The lag of a replica is the age of the oldest change of its origin that it has not applied. It grows with time and
// falls when something is applied: so it gets below a bound at the instant of an apply, or is below it from the start.
// A stream brings changes in their order: what came before one that is there will not come any more (it was filtered,
// or discarded), and waits no longer.
#pragma once

#include <boost/unordered/unordered_flat_map.hpp>
#include <cstdint>
#include <deque>
#include <optional>
#include <span>
#include <string>

#include "models/domain/journal.h"
#include "models/world/config.h"
#include "scenarios/schema/scenario.pb.h"
#include "sim/record.h"
#include "sim/time.h"

namespace parallax::scenarios {

/// Words of Becomes::state, in the order of domain::SiteChange.
std::span<const std::string> state_words();

class ConditionWatch {
 public:
  /// Counts from `from` on. `world`: compiled from the scenario that the condition is of.
  ConditionWatch(const schema::Condition& condition, const world::WorldConfig& world, sim::VirtualTime from);

  /// In the journal's order.
  void read(const sim::Record& record);

  /// The run has come to `end`, which is later than all that was read.
  void finish(sim::VirtualTime end) { pass(end); }

  /// When it came about, without the time that is to pass after it.
  std::optional<sim::VirtualTime> came() const { return came_; }

 private:
  enum class Kind : std::uint8_t { kChange, kSite, kNode, kLag };
  struct RowKey {
    std::uint16_t table;
    std::uint64_t row;
    std::uint64_t version;
    friend bool operator==(const RowKey&, const RowKey&) = default;
    friend std::size_t hash_value(const RowKey& key) {
      return (key.row * 0x9e37'79b9'7f4a'7c15 ^ key.version) * 31 + key.table;
    }
  };

  void read_change(const sim::Record& record);
  void read_site(const sim::Record& record);
  void read_node(const sim::Record& record);
  void read_row(const sim::Record& record);
  void arrived(const RowKey& key, sim::VirtualTime now);
  void count(sim::VirtualTime now);
  void pass(sim::VirtualTime now);
  bool is_below(sim::VirtualTime now) const { return waiting_.empty() || now - waiting_.front() < below_; }

  sim::VirtualTime from_;
  std::optional<sim::VirtualTime> came_;
  Kind kind_{};
  std::uint32_t left_{1};  ///< until it has happened often enough

  domain::ChangeKind change_{};
  std::optional<sim::SiteId> site_;  ///< absent: any
  domain::NodeId node_{};
  domain::SiteChange state_{};
  domain::SiteChange node_state_{domain::SiteChange::kReady};  ///< so far, of a node
  std::optional<sim::SiteId> seen_from_;

  sim::Duration below_{};
  domain::LayerId origin_{};
  domain::LayerId replica_{};
  std::optional<domain::Jurisdiction> law_;  ///< whose rows alone are brought, besides nobody's; absent: all are
  std::deque<sim::VirtualTime> waiting_;     ///< when changes were made that have not arrived
  std::uint64_t gone_{0};                    ///< changes before those
  boost::unordered_flat_map<RowKey, std::uint64_t> places_;  ///< of waiting changes, counted from the first
  bool is_looked_at_{false};                                 ///< at `from_`
};

}  // namespace parallax::scenarios
