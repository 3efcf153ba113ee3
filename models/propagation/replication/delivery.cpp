#include "models/propagation/replication/delivery.h"

#include <algorithm>
#include <utility>

#include "models/propagation/replication/shipping.h"
#include "models/propagation/ticks.h"

namespace parallax::propagation::replication {

using domain::Passage;
using domain::Stage;
using domain::StreamChange;

namespace {

// Transactions between the fetching of what one will need and its turn. A transaction takes some 300 ns, main memory
// some 100 ns to answer, several times that when it is busy.
constexpr std::size_t kChangeAhead = 24;
constexpr std::size_t kPlaceAhead = 12;
constexpr std::size_t kRowAhead = 8;
constexpr std::size_t kKeysAhead = 4;
constexpr std::size_t kAtOnce = 4;  ///< that are asked for together

}  // namespace

Delivery::Delivery(sim::Site& site, const sim::Power& power, Replica& target, sim::SiteId origin,
                   const std::string& name, const StreamSpec& spec, std::vector<Stage> stage_of_fault)
    : site_{site},
      power_{power},
      target_{target},
      origin_{origin},
      spec_{spec},
      stage_of_fault_{std::move(stage_of_fault)},
      poll_phase_{draw_phase(site, name + " apply", spec.apply_interval)} {}

void Delivery::join(sim::ConnectionEnd& end, Shipping& shipping, std::function<void(sim::Duration)> reconnect) {
  end_ = &end;
  shipping_ = &shipping;
  reconnect_ = std::move(reconnect);
  target_.set_place(origin_, progress_.applied);
}

void Delivery::connected() {
  started_ = site_.now();
  if (state_ == State::kStopped && spec_.keeps == Keeps::kMemory) state_ = State::kIdle;
  greet();
}

void Delivery::greet() {
  progress_.awaits_image = awaits_image_;
  end_->send([shipping = shipping_, from = progress_] { shipping->begin_from(from); });
}

void Delivery::disconnected() {
  if (spec_.keeps == Keeps::kMemory) drop_memory();
  if (spec_.target_connects && state_ != State::kGivenUp) restart();
}

void Delivery::drop_memory() {
  ++era_;
  forget_arrived();
  received_end_ = progress_.applied;
  if (state_ != State::kGivenUp && state_ != State::kStopped) state_ = State::kIdle;
}

// As whoever supervises the apply does: at once where it had been running for long, else after the interval.
void Delivery::restart() {
  const bool is_old = spec_.retry.at_once_if_old && site_.now() - started_ > spec_.retry.interval;
  reconnect_(is_old ? sim::Duration{} : spec_.retry.interval);
}

void Delivery::receive(const Shipment& shipment) {
  progress_.received = shipment.number + 1;
  if (!power_.is_on()) return;
  if (shipment.content == Shipment::Content::kImage) return take_image(shipment);
  if (awaits_image_ || shipment.begin > received_end_) return;
  take(shipment);
  if (spec_.keeps == Keeps::kTrail) {
    progress_.kept = received_end_;
    report();
  }
  if (state_ != State::kIdle) return;
  if (spec_.apply_interval.ns == 0) return begin();
  state_ = State::kPolling;
  site_.at(next_tick(site_.now(), poll_phase_, spec_.apply_interval), [this, era = era_] {
    if (era == era_) begin();
  });
}

// Transactions that have arrived before are left out: a connection that broke did not say how far it had got.
void Delivery::take(const Shipment& shipment) {
  if (shipment.end <= received_end_) return;
  std::uint32_t i = 0;
  const Arrival& arrival =
      arrivals_.emplace_back(Arrival{shipment.shared_from_this(), site_.now(), passage_of_arrival(shipment)});
  for (const store::Lsn end : shipment.ends) {
    const std::uint32_t first = i;
    while (!shipment.changes[i++].ends_transaction) {
    }
    if (end <= received_end_) continue;
    const bool is_queued = state_ == State::kApplying || !arrived_.empty();
    arrived_.push_back({&arrival, end, first, i - first, is_queued, store::kNoSlot});
    waiting_ += i - first;
  }
  received_end_ = shipment.end;
}

// What kept the message back, if a fault did, up to TCP's next try after its end.
Passage Delivery::passage_of_arrival(const Shipment& shipment) const {
  if (shipment.delayed) return {Stage::kReplicationLag, shipment.delayed->by, shipment.delayed->since};
  const auto& held = end_->was_held_back();
  if (!held) return {Stage::kNone, Stage::kReplicationLag, {}};
  return {Stage::kReplicationLag, stage_of_fault_[held->fault], held->since};
}

void Delivery::begin() {
  for (;;) {
    if (arrived_.empty() || !power_.is_on() || awaits_image_) {
      state_ = State::kIdle;
      return;
    }
    if (target_.is_full()) return wait_for_room();
    std::size_t transactions = 0;
    const std::size_t changes = next_batch(transactions);
    state_ = State::kApplying;
    if (!apply_batch(transactions)) return;
    if (spec_.apply_time.ns == 0) continue;
    site_.after(spec_.apply_time * static_cast<std::int64_t>(changes), [this, era = era_] {
      if (era == era_) begin();
    });
    return;
  }
}

// Whole transactions until it is full. Returns how many changes they have.
std::size_t Delivery::next_batch(std::size_t& transactions) const {
  std::size_t changes = 0;
  while (transactions < arrived_.size() && changes < spec_.apply_batch) changes += arrived_[transactions++].changes;
  return changes;
}

// Visible at once; the time that it takes keeps the next batch waiting. So the answer goes with the acknowledgement of
// what has just arrived, as an idle apply worker's does.
bool Delivery::apply_batch(std::size_t transactions) {
  for (std::size_t i = 0; i < transactions; ++i) {
    if (arrived_.size() % kAtOnce == 0) expect_next();
    if (apply_first()) continue;
    if (i > 0) report();
    stop();
    return false;
  }
  report();
  return true;
}

// Most transactions are of one row. The rows of a large table are in main memory, so they are asked for while those
// before them are applied.
void Delivery::expect_next() {
  const auto expect = [this](std::size_t ahead, Replica::Fetch what) {
    const std::size_t end = std::min(ahead + kAtOnce, arrived_.size());
    if (ahead >= end) return;
    auto arrived = arrived_.begin() + static_cast<std::ptrdiff_t>(ahead);
    for (; ahead < end; ++ahead, ++arrived) target_.expect(arrived->block(), arrived->first, what, arrived->guess);
  };
  const Arrived& next = arrived_.front();
  for (std::size_t i = 0; i < kAtOnce; ++i) next.block().fetch(next.first, kChangeAhead + i);
  expect(kPlaceAhead, Replica::Fetch::kPlace);
  expect(kRowAhead, Replica::Fetch::kRow);
  expect(kKeysAhead, Replica::Fetch::kKeys);
}

bool Delivery::apply_first() {
  const Arrived& next = arrived_.front();
  const store::Changes& changes = next.block();
  const Replica::Flush flush = spec_.flushed_by_wal_writer ? Replica::Flush::kByWalWriter : Replica::Flush::kAtCommit;
  if (std::exchange(skips_, false)) {
    target_.skip(changes, next.first, next.changes);
  } else if (!target_.apply(changes, next.first, next.changes, spec_.rules, passage_of(next), flush, next.guess)) {
    return false;
  }
  if (stopped_) resume();
  if (full_) full_ended_ = site_.now();
  full_.reset();
  pop_first();
  return true;
}

// What was committed before the last stop's end has waited for that, wherever it was meanwhile.
Passage Delivery::passage_of(const Arrived& next) const {
  const sim::VirtualTime committed = next.block()[next.first].stamp.committed;
  const Passage& passage = next.by->passage;
  const bool was_stopped = stopped_ || (stop_began_ < resumed_ && committed < resumed_);
  if (was_stopped) return {passage.second, Stage::kApplyStopped, stop_began_};
  const bool was_full = full_ || (full_began_ < full_ended_ && committed < full_ended_);
  if (was_full) return {passage.second, Stage::kDiskFull, full_began_};
  if (!next.queued || next.by->when == site_.now()) return passage;
  return {passage.second, Stage::kApplyBacklog, next.by->when};
}

void Delivery::pop_first() {
  const store::Lsn end = arrived_.front().end;
  take_off_trail();
  progress_.applied = end;
  target_.set_place(origin_, end);
  if (spec_.keeps == Keeps::kMemory) progress_.kept = end;
}

void Delivery::take_off_trail() {
  waiting_ -= arrived_.front().changes;
  arrived_.pop_front();
  if (arrived_.empty() || arrived_.front().by != &arrivals_.front()) arrivals_.pop_front();
}

void Delivery::forget_arrived() {
  arrived_.clear();
  arrivals_.clear();
  waiting_ = 0;
}

// A trail is applied without a connection too; the next one begins with all that there is to say.
void Delivery::report() {
  if (!end_->is_open()) return;
  progress_.awaits_image = awaits_image_;
  const Progress progress = progress_;
  end_->send([shipping = shipping_, progress] { shipping->progressed(progress); });
}

void Delivery::record(StreamChange change) {
  site_.record(domain::StreamChanged{target_.layer(), origin_, change, waiting_, target_.kind()}.pack());
}

void Delivery::stop() {
  const bool is_first = !stopped_;
  record(is_first ? StreamChange::kStopped : StreamChange::kRetried);
  if (is_first) {
    stopped_by_ = arrived_.front().end;
    stopped_ = stop_began_ = site_.now();
    retries_ = 0;
    call_operator();
  }
  state_ = State::kStopped;
  const bool is_last = spec_.retry.times > 0 && retries_ >= spec_.retry.times;
  if (is_last || spec_.retry.is_disabled_by_error) {
    state_ = State::kGivenUp;
    record(StreamChange::kGivenUp);
  }
  if (spec_.keeps == Keeps::kMemory) {
    end_->close();
    drop_memory();
    if (state_ == State::kStopped) restart();
  } else if (state_ == State::kStopped) {
    site_.after(spec_.retry.interval, [this, era = era_] {
      if (era == era_) retry();
    });
  }
  ++retries_;
}

void Delivery::wait_for_room() {
  target_.count_refusal();
  if (!full_) full_ = full_began_ = site_.now();
  state_ = State::kStopped;
  if (spec_.keeps == Keeps::kMemory) {
    end_->close();
    drop_memory();
    return restart();
  }
  site_.after(spec_.retry.interval, [this, era = era_] {
    if (era == era_) retry();
  });
}

void Delivery::retry() {
  started_ = site_.now();
  begin();
}

void Delivery::call_operator() {
  if (spec_.retry.operator_after.ns == 0) return;
  site_.after(spec_.retry.operator_after, [this, since = *stopped_] {
    if (stopped_ != since) return;
    skips_ = true;
    if (state_ != State::kGivenUp) return;
    state_ = State::kStopped;
    spec_.keeps == Keeps::kMemory && !end_->is_open() ? reconnect_({}) : retry();
  });
}

void Delivery::resume() {
  stopped_.reset();
  resumed_ = site_.now();
  record(StreamChange::kResumed);
}

// What stood in its way is gone, unless it is on the trail.
void Delivery::nothing_is_left_before(store::Lsn place) {
  if (stopped_ && arrived_.empty() && stopped_by_ <= place) resume();
}

void Delivery::take_image(const Shipment& image) {
  const std::size_t here = sim::index(site_.id());
  const auto seen = here < image.places.size() ? image.places[here] : std::nullopt;
  ++era_;
  forget_arrived();
  if (stopped_) resume();
  skips_ = false;
  awaits_image_ = false;
  state_ = State::kIdle;
  target_.become(image.changes, {Stage::kNone, Stage::kResynchronisation, {}}, seen);
  target_.set_places(image.places);
  target_.set_place(origin_, image.end);
  received_end_ = progress_.kept = progress_.applied = image.end;
  report();
  if (on_image_) on_image_();
}

void Delivery::await_image() {
  awaits_image_ = true;
  target_.expect_image();
  begin_anew();
  if (end_->is_open()) greet();
}

// Whoever sees to an image sees to an apply that was given up.
void Delivery::begin_anew() {
  if (state_ != State::kGivenUp) return;
  state_ = State::kIdle;
  if (spec_.keeps == Keeps::kMemory && !end_->is_open()) reconnect_({});
}

void Delivery::image_came_from_elsewhere() {
  awaits_image_ = false;
  if (const auto place = target_.place_in(origin_)) go_on_from(*place);
  begin_anew();
  if (end_->is_open()) greet();
  if (state_ == State::kIdle) begin();
}

// What the image holds is not applied again. What it lacks is asked for again, unless a trail holds what is behind it:
// the origin has that no more.
void Delivery::go_on_from(store::Lsn place) {
  while (!arrived_.empty() && arrived_.front().end <= place) {
    take_off_trail();
    skips_ = false;
    if (stopped_) resume();
  }
  if (place < progress_.applied && spec_.keeps == Keeps::kMemory) drop_memory();
  if (place < progress_.applied && !arrived_.empty()) return;
  progress_.applied = place;
  received_end_ = arrived_.empty() ? place : std::max(received_end_, place);
  progress_.kept = spec_.keeps == Keeps::kTrail ? received_end_ : place;
}

void Delivery::memory_lost() {
  if (spec_.keeps == Keeps::kMemory) drop_memory();
  ++era_;
  if (state_ != State::kGivenUp) state_ = State::kIdle;
}

void Delivery::disk_lost() {
  memory_lost();
  forget_arrived();
  stopped_.reset();
  full_.reset();
  skips_ = false;
  state_ = State::kIdle;
  awaits_image_ = true;
}

void Delivery::restored() {
  if (state_ == State::kIdle) begin();
}

}  // namespace parallax::propagation::replication
