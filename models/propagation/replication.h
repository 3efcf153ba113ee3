// Asynchronous replication of one database to another, one direction: rows are shipped in the order of their commits
// and applied in that order. What is not acknowledged by the target is sent again.
//
// The first row that a fault keeps back breaks the connection; nothing is sent until the retry, which sends all of the
// log.
//
// A row is shipped at its commit, or at the next tick of `ship_interval`; applied when all before it have arrived, or
// at the next tick of `apply_interval` (GoldenGate's data pump and Replicat each poll: EOFDELAY, 1 s).
//
// Stages: replication_lag [least delay of the way, greatest + ship_interval + apply_interval]; from the first send that
// a fault kept back, link_down or site_down instead, up to the fault's end + retry_interval + all of the former.
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "models/domain/journal.h"
#include "models/propagation/database.h"
#include "models/propagation/row.h"
#include "sim/power.h"
#include "sim/site.h"

namespace parallax::propagation {

struct ReplicationSpec {
  sim::Duration ship_interval{};
  sim::Duration apply_interval{};
  sim::Duration retry_interval{sim::seconds(5)};  ///< PostgreSQL's wal_retrieve_retry_interval
};

class ReplicationStream {
 public:
  /// `stage_of_fault`: what a row waits for that this fault keeps back.
  ReplicationStream(sim::Site& origin, sim::Power& origin_power, sim::Site& target, sim::Power& target_power,
                    Database& target_database, const ReplicationSpec& spec, std::vector<domain::Stage> stage_of_fault);

  // At the origin.
  void append(const Row& row);

  /// Brings a target that has lost its rows back in step; once it has applied these, `done` runs there. What its
  /// observers waited for meanwhile is charged to `stage`.
  void append_all(const std::vector<Row>& rows, domain::Stage stage, const sim::Action& done);

  void origin_lost();
  void origin_restored();
  void disk_lost();

  // At the target.
  void target_lost() { arrived_.clear(); }

 private:
  struct Pending {
    Row row;
    domain::Passage passage;  ///< so far; turn is the commit's instant, or that of the loss
    bool is_shipped;
  };

  void ship();
  void reach_milestones();
  void transmit(std::uint32_t number, Pending& pending);
  void keep_back(Pending& pending, domain::Stage stage) const;
  void schedule_retry();
  void retry(std::uint32_t acknowledged_then);
  void acknowledged(std::uint32_t generation, std::uint32_t below);

  void receive(std::uint32_t generation, std::uint32_t number, const Row& row, const domain::Passage& passage);
  void apply_arrived();

  sim::Site& origin_;
  sim::Power& origin_power_;
  sim::Site& target_;
  sim::Power& target_power_;
  Database& target_database_;
  ReplicationSpec spec_;
  std::vector<domain::Stage> stage_of_fault_;
  sim::Duration ship_phase_;
  sim::Duration apply_phase_;

  // The origin's side. Numbers run on for ever; a new generation begins where a lost disk broke the log off, and is
  // named by the number of its first row.
  std::deque<Pending> log_;        ///< not acknowledged yet
  std::uint32_t first_number_{0};  ///< of log_
  std::uint32_t generation_{0};
  std::optional<domain::Stage> broken_by_;  ///< what keeps rows back until the next retry
  bool tick_scheduled_{false};
  bool retry_scheduled_{false};
  struct Milestone {
    std::uint32_t below;  ///< acknowledged up to here
    sim::Action done;
  };
  std::deque<Milestone> milestones_;

  // The target's side.
  struct Arrived {
    Row row;
    domain::Passage passage;
  };
  std::map<std::uint32_t, Arrived> arrived_;  ///< not applied yet: out of order, or waiting for a tick
  std::uint32_t next_to_apply_{0};
  std::uint32_t target_generation_{0};
  bool apply_scheduled_{false};
};

}  // namespace parallax::propagation
