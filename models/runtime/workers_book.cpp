#include "models/runtime/workers_book.h"

#include <algorithm>

namespace parallax::runtime {

namespace {

constexpr sim::Duration kBookTime = sim::seconds(1);

bool is_empty(const domain::WorkersSecond& second) {
  return (second.arrived | second.served | second.refused | second.given_up | second.lost | second.queue |
          second.busy) == 0;
}

}  // namespace

void WorkersBook::level(std::uint32_t busy, std::uint64_t waiting) {
  domain::WorkersSecond& second = now();
  add_work(site_.now());
  busy_ = busy;
  waiting_ = static_cast<std::uint32_t>(waiting);
  second.queue = std::max(second.queue, waiting_);
}

sim::Duration WorkersBook::longest_with(sim::VirtualTime since) const {
  return std::max(totals_.longest_wait, site_.now() - since);
}

WorkersFigures WorkersBook::figures() const {
  WorkersFigures all = totals_;
  all.arrived += second_.arrived;
  all.served += second_.served;
  all.waited += second_.waited;
  all.refused += second_.refused;
  all.given_up += second_.given_up;
  all.lost += second_.lost;
  return all;
}

void WorkersBook::write_to(sim::Site& journal, domain::NodeId node, domain::WorkersRole role) {
  journal_ = &journal;
  second_.node = node;
  second_.role = role;
}

void WorkersBook::close(sim::Duration longest_wait) {
  if (journal_ == nullptr) return;
  const domain::WorkersSecond& last = now();
  const domain::WorkersClosed closed{last.node, last.role, workers_, busy_ + waiting_, longest_wait};
  add_work(site_.now());
  if (site_.now() == end_ - kBookTime) second_.queue = 0;  // of this second there is no time
  close_second();
  journal_->record(closed.pack());
}

void WorkersBook::add_work(sim::VirtualTime until) {
  work_ += (until - level_since_).ns * busy_;
  level_since_ = until;
}

// Nobody waits while a worker is free, so where none is at work the seconds until now are empty.
void WorkersBook::turn() {
  while (site_.now() >= end_) {
    add_work(end_);
    close_second();
    if (busy_ == 0) end_ = sim::VirtualTime{} + sim::seconds(site_.now().ns / kBookTime.ns);
    end_ = end_ + kBookTime;
    level_since_ = end_ - kBookTime;
  }
}

void WorkersBook::close_second() {
  totals_ = figures();
  second_.second = static_cast<std::uint32_t>((end_.ns - 1) / kBookTime.ns);
  second_.busy = static_cast<std::uint32_t>(work_ / workers_);
  if (journal_ != nullptr && !is_empty(second_)) journal_->record(second_.pack());
  second_ = {second_.node, second_.role, 0, 0, 0, 0, 0, 0, 0, waiting_, 0};
  work_ = 0;
}

}  // namespace parallax::runtime
