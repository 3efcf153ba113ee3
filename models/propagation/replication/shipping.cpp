#include "models/propagation/replication/shipping.h"

#include <algorithm>
#include <utility>

#include "models/propagation/replication/delivery.h"
#include "models/propagation/ticks.h"

namespace parallax::propagation::replication {

namespace {

// What may be under way unconfirmed, in messages: as a full socket buffer would, it holds a sender back whose receiver
// applies more slowly than it reads.
constexpr std::size_t kMostUnconfirmed = 64;

}  // namespace

Shipping::Shipping(sim::Site& site, const sim::Power& power, Replica& origin, sim::SiteId target,
                   const std::string& name, const StreamSpec& spec, sim::ConnectionEnd& end, Delivery& delivery)
    : site_{site},
      power_{power},
      origin_{origin},
      target_{target},
      spec_{spec},
      end_{end},
      delivery_{delivery},
      reader_{origin.add_reader([this] { news(); })},
      poll_phase_{draw_phase(site, name + " ship", spec.ship_interval)} {
  next_ = confirmed_ = chain_end_ = origin.readable_end();
}

bool Shipping::carries(const store::Change& change) const {
  if (change.operation == store::Operation::kDefinition && !spec_.ships_definitions) return false;
  switch (spec_.forwarding) {
    case Forwarding::kOwn:
      return change.stamp.origin == site_.id();
    case Forwarding::kNotToOrigin:
      return change.stamp.origin != target_;
    case Forwarding::kEverything:
      return true;
  }
  return true;
}

void Shipping::news() {
  if (!is_connected_ || owes_image_) return;
  if (spec_.ship_interval.ns > 0) return ship_at_poll();
  if (spec_.capture_delay.ns == 0) return ship();
  site_.after(spec_.capture_delay, [this, era = era_] {
    if (era == era_) ship();
  });
}

void Shipping::ship_at_poll() {
  if (std::exchange(is_poll_scheduled_, true)) return;
  site_.at(next_tick(site_.now(), poll_phase_, spec_.ship_interval), [this, era = era_] {
    if (era != era_) return;
    is_poll_scheduled_ = false;
    ship();
  });
}

void Shipping::ship() {
  if (!is_connected_ || owes_image_ || !power_.is_on()) return;
  next_ = std::max(next_, origin_.rows().log_begin());  // an image may have taken the place of what was before
  while (next_ < origin_.readable_end() && shipped_ - progress_.received < kMostUnconfirmed) {
    std::unique_ptr<Shipment> shipment = next_shipment();
    if (!shipment->ends.empty()) send(std::move(shipment));
  }
  if (next_ == origin_.readable_end()) delayed_.reset();
  if (confirmed_ >= chain_end_) confirm(next_);  // what came since was not for this target
}

// Whole transactions, as long as they fit; at least one.
std::unique_ptr<Shipment> Shipping::next_shipment() {
  auto shipment = std::make_unique<Shipment>();
  const store::Changes& log = origin_.rows().log();
  const store::Lsn first = origin_.rows().log_begin();
  while (next_ < origin_.readable_end() && shipment->changes.size() < spec_.ship_batch) {
    std::size_t i = static_cast<std::size_t>(next_ - first);
    const bool is_for_target = carries(log[i]);
    bool is_last = false;
    do {
      is_last = log[i].ends_transaction;
      if (is_for_target) shipment->changes.add(log, i);
      ++i;
    } while (!is_last);
    next_ = first + i;
    if (is_for_target) shipment->ends.push_back(next_);
  }
  shipment->end = next_;
  return shipment;
}

void Shipping::send(std::unique_ptr<Shipment> shipment) {
  shipment->number = shipped_++;
  shipment->delayed = delayed_;
  shipment->begin = std::exchange(chain_end_, shipment->end);
  end_.send([delivery = &delivery_, sent = shipment.get()] { delivery->receive(*sent); }, spec_.transaction_packets);
  sent_.push_back(std::move(shipment));
}

// Of an earlier connection nothing is under way any more: the target goes on from what it has.
void Shipping::begin_from(const Progress& progress) {
  ++era_;
  is_poll_scheduled_ = false;
  take_note(progress);
  progress_.received = shipped_;
  chain_end_ = progress.kept;
  next_ = std::max(confirmed_, origin_.rows().log_begin());
  is_connected_ = true;
  if (owes_image_) return send_image();
  news();
}

void Shipping::progressed(const Progress& progress) {
  take_note(progress);
  ship();
}

void Shipping::take_note(const Progress& progress) {
  progress_ = progress;
  while (!sent_.empty() && sent_.front()->number < progress.received) sent_.pop_front();
  confirm(progress.kept);
  release_waiting();
}

void Shipping::confirm(store::Lsn below) {
  confirmed_ = std::max(confirmed_, below);
  origin_.release(reader_, std::min(confirmed_, origin_.rows().log_end()));
}

void Shipping::disconnected(const Delayed& why) {
  ++era_;
  if (!delayed_) delayed_ = why;
  is_connected_ = false;
  is_poll_scheduled_ = false;
}

// Rows are read now; copying them takes its time, during which nothing else is shipped.
void Shipping::send_image() {
  owes_image_ = true;
  if (!is_connected_ || !power_.is_on()) return;
  ++era_;
  image_ = std::make_unique<Shipment>();
  image_->content = Shipment::Content::kImage;
  image_->changes = origin_.image();
  next_ = image_->end = origin_.rows().log_end();
  site_.after(spec_.copy_time * static_cast<std::int64_t>(image_->changes.size()), [this, era = era_] {
    if (era != era_) return;
    owes_image_ = false;
    send(std::move(image_));
    news();
  });
}

void Shipping::when_safe(store::Lsn place, const sim::Action& done) {
  waiting_.push_back({place, ++tickets_, done});
  if (spec_.synchronous_for.ns > 0) {
    site_.after(spec_.synchronous_for, [this, ticket = tickets_] { release(ticket); });
  }
  release_waiting();
}

void Shipping::release(std::uint64_t ticket) {
  const auto found =
      std::find_if(waiting_.begin(), waiting_.end(), [&](const Waiting& w) { return w.ticket == ticket; });
  if (found == waiting_.end()) return;
  sim::Action done = found->done;
  waiting_.erase(found);
  done();
}

void Shipping::release_waiting() {
  const store::Lsn safe = spec_.synchronous == Synchronous::kReceived ? progress_.kept : progress_.applied;
  while (!waiting_.empty() && waiting_.front().place <= safe) {
    sim::Action done = waiting_.front().done;
    waiting_.pop_front();
    done();
  }
}

void Shipping::log_lost() {
  ++era_;
  next_ = confirmed_ = chain_end_ = origin_.rows().log_end();
  is_poll_scheduled_ = false;
  waiting_.clear();
}

}  // namespace parallax::propagation::replication
