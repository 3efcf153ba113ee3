#include "models/propagation/replication.h"

#include <utility>

#include "models/propagation/ticks.h"

namespace parallax::propagation {

using domain::Passage;
using domain::Stage;

ReplicationStream::ReplicationStream(sim::Site& origin, sim::Power& origin_power, sim::Site& target,
                                     sim::Power& target_power, Database& target_database, const ReplicationSpec& spec,
                                     std::vector<Stage> stage_of_fault)
    : origin_{origin},
      origin_power_{origin_power},
      target_{target},
      target_power_{target_power},
      target_database_{target_database},
      spec_{spec},
      stage_of_fault_{std::move(stage_of_fault)},
      ship_phase_{draw_phase(origin, origin.name() + " to " + target.name() + " ship", spec.ship_interval)},
      apply_phase_{draw_phase(origin, origin.name() + " to " + target.name() + " apply", spec.apply_interval)} {}

void ReplicationStream::append(const Row& row) {
  log_.push_back({row, {Stage::kNone, Stage::kReplicationLag, origin_.now()}, false});
  if (broken_by_) return keep_back(log_.back(), *broken_by_);
  if (spec_.ship_interval.ns == 0) return ship();
  if (std::exchange(tick_scheduled_, true)) return;
  origin_.at(next_tick(origin_.now(), ship_phase_, spec_.ship_interval), [this] {
    tick_scheduled_ = false;
    ship();
  });
}

void ReplicationStream::append_all(const std::vector<Row>& rows, Stage stage, const sim::Action& done) {
  for (const Row& row : rows) log_.push_back({row, {Stage::kNone, stage, {}}, false});
  milestones_.push_back({first_number_ + static_cast<std::uint32_t>(log_.size()), done});
  ship();
  reach_milestones();
}

void ReplicationStream::reach_milestones() {
  while (!milestones_.empty() && milestones_.front().below <= first_number_) {
    origin_.send(target_.id(), milestones_.front().done);
    milestones_.pop_front();
  }
}

void ReplicationStream::ship() {
  if (!origin_power_.is_on()) return;
  for (std::uint32_t i = 0; i < log_.size(); ++i) {
    if (log_[i].is_shipped) continue;
    if (broken_by_) {
      keep_back(log_[i], *broken_by_);
    } else {
      transmit(first_number_ + i, log_[i]);
    }
  }
  schedule_retry();
}

void ReplicationStream::transmit(std::uint32_t number, Pending& pending) {
  const sim::Sent sent =
      origin_.send(target_.id(), [this, generation = generation_, number, row = pending.row,
                                  passage = pending.passage] { receive(generation, number, row, passage); });
  pending.is_shipped = sent.on_its_way;
  if (!sent.fault) return;
  broken_by_ = stage_of_fault_[*sent.fault];
  keep_back(pending, *broken_by_);
}

// From here on the row waits for the fault's end, whatever else it would have waited for.
void ReplicationStream::keep_back(Pending& pending, Stage stage) const {
  if (pending.passage.first == Stage::kNone) pending.passage = {Stage::kReplicationLag, stage, origin_.now()};
}

void ReplicationStream::schedule_retry() {
  if (log_.empty() || std::exchange(retry_scheduled_, true)) return;
  origin_.after(spec_.retry_interval, [this, then = first_number_] { retry(then); });
}

// Nothing acknowledged for a whole interval of what was sent: the connection is broken, all of the log goes again.
void ReplicationStream::retry(std::uint32_t acknowledged_then) {
  retry_scheduled_ = false;
  if (log_.empty()) return;
  const bool is_stuck = acknowledged_then == first_number_ && log_.front().is_shipped;
  if (!broken_by_ && !is_stuck) return schedule_retry();
  broken_by_.reset();
  for (Pending& pending : log_) pending.is_shipped = false;
  ship();
}

void ReplicationStream::acknowledged(std::uint32_t generation, std::uint32_t below) {
  if (generation != generation_) return;
  while (!log_.empty() && first_number_ < below) {
    log_.pop_front();
    ++first_number_;
  }
  reach_milestones();
}

void ReplicationStream::origin_lost() {
  for (Pending& pending : log_) {
    pending.is_shipped = false;
    keep_back(pending, Stage::kSiteDown);
  }
}

void ReplicationStream::origin_restored() {
  broken_by_.reset();
  ship();
}

void ReplicationStream::disk_lost() {
  first_number_ += static_cast<std::uint32_t>(log_.size());
  log_.clear();
  milestones_.clear();
  generation_ = first_number_;
}

void ReplicationStream::receive(std::uint32_t generation, std::uint32_t number, const Row& row,
                                const Passage& passage) {
  if (!target_power_.is_on() || generation < target_generation_) return;
  if (generation > target_generation_) {
    // What the old log still owed is lost. The new one begins with its first row, which others may have overtaken.
    target_generation_ = generation;
    arrived_.clear();
    next_to_apply_ = generation;
  }
  if (number >= next_to_apply_) arrived_.insert_or_assign(number, Arrived{row, passage});
  if (spec_.apply_interval.ns == 0) return apply_arrived();
  if (std::exchange(apply_scheduled_, true)) return;
  target_.at(next_tick(target_.now(), apply_phase_, spec_.apply_interval), [this] {
    apply_scheduled_ = false;
    apply_arrived();
  });
}

void ReplicationStream::apply_arrived() {
  if (!target_power_.is_on()) return;
  while (!arrived_.empty() && arrived_.begin()->first == next_to_apply_) {
    const Arrived next = arrived_.begin()->second;
    arrived_.erase(arrived_.begin());
    ++next_to_apply_;
    target_database_.apply(next.row, next.passage);
  }
  target_.send(origin_.id(),
               [this, generation = target_generation_, below = next_to_apply_] { acknowledged(generation, below); });
}

}  // namespace parallax::propagation
