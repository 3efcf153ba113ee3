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

Reads reads(const StreamSpec& spec) { return spec.forwarding == Forwarding::kOwn ? Reads::kOwnRows : Reads::kAllRows; }

/// Copies what is chosen of a log, neighbours together.
class Copy {
 public:
  Copy(const store::Changes& log, store::Changes& into) : log_{log}, into_{into} {}

  void add(std::size_t number) {
    if (number != first_ + count_) finish();
    if (count_ == 0) first_ = number;
    ++count_;
  }

  /// What was added last is the last of its transaction that is copied.
  void end_transaction() {
    if (log_[first_ + count_ - 1].ends_transaction) return;
    finish();
    into_[into_.size() - 1].ends_transaction = true;
  }

  void finish() {
    into_.add(log_, first_, count_);
    count_ = 0;
  }

  std::size_t size() const { return into_.size() + count_; }

 private:
  const store::Changes& log_;
  store::Changes& into_;
  std::size_t first_{0};
  std::size_t count_{0};
};

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
      reader_{origin.add_reader(reads(spec), [this] { news(); })},
      poll_phase_{draw_phase(site, name + " ship", spec.ship_interval)} {
  next_ = due_ = confirmed_ = chain_end_ = origin.readable_end();
}

bool Shipping::carries(std::size_t number) const {
  const store::Changes& log = origin_.rows().log();
  const store::Change& change = log[number];
  if (spec_.forwarding == Forwarding::kOwn && change.stamp.origin != site_.id()) return false;
  if (spec_.keeps_home) {
    const domain::Jurisdiction law = origin_.jurisdiction_of(change, log.row(number));
    if (law != domain::Jurisdiction{} && law != spec_.target_jurisdiction) return false;
  }
  if (change.means == store::Means::kTruncation) return false;
  if (change.operation == store::Operation::kDefinition && !carries_definition(number)) return false;
  switch (spec_.forwarding) {
    case Forwarding::kOwn:
      return true;  // what is not has been left out already: in a full mesh that is most of the log
    case Forwarding::kNotToOrigin:
      return change.stamp.origin != target_;
    case Forwarding::kDataCenter:
      return is_of_data_center(number);
    case Forwarding::kEverything:
      return true;
  }
  return true;
}

bool Shipping::carries_definition(std::size_t number) const {
  const auto definition = store::Definition::unpack(origin_.rows().log().row(number));
  const bool is_truncation = definition.kind == store::Definition::Kind::kTruncate;
  return is_truncation ? spec_.ships_truncations : spec_.ships_definitions;
}

// A table without such a column is published as a whole, and a statement about a table is about no row (PostgreSQL 15,
// "Row Filters": TRUNCATE is published whatever the filter).
bool Shipping::is_of_data_center(std::size_t number) const {
  const store::Changes& log = origin_.rows().log();
  if (log[number].operation == store::Operation::kDefinition) return true;
  const auto column = origin_.rows().table(log[number].table).data_center();
  return !column || log.row(number)[*column] == origin_.rows().data_center();
}

bool Shipping::ships() const {
  const bool waits_for_image = image_state_ != Image::kNone && image_state_ != Image::kSent;
  return is_connected_ && !waits_for_image && power_.is_on();
}

void Shipping::news() {
  if (begins_with_image_) return confirm(origin_.readable_end());
  if (!ships()) return;
  if (spec_.ship_interval.ns > 0) return ship_at_poll();
  if (spec_.capture_delay.ns == 0) return due(origin_.readable_end());
  site_.after(spec_.capture_delay, [this, era = era_, end = origin_.readable_end()] {
    if (era == era_) due(end);
  });
}

void Shipping::ship_at_poll() {
  if (std::exchange(is_poll_scheduled_, true)) return;
  site_.at(next_tick(site_.now(), poll_phase_, spec_.ship_interval), [this, era = era_] {
    if (era != era_) return;
    is_poll_scheduled_ = false;
    due(origin_.readable_end());
  });
}

void Shipping::due(store::Lsn below) {
  due_ = std::max(due_, below);
  ship();
}

void Shipping::ship() {
  if (!ships()) return;
  pass_over(origin_.rows().log_begin());
  while (next_ < due_ && shipped_ - progress_.received < kMostUnconfirmed) {
    std::shared_ptr<Shipment> shipment = next_shipment();
    if (!shipment->ends.empty()) send(std::move(shipment));
  }
  if (next_ >= delayed_below_) delayed_.reset();
  if (confirmed_ < chain_end_) return;
  confirm(next_);  // what came since was not for this target
  release_waiting();
}

// What has not been shipped and is in the log no more is gone: an image has taken the place of the rows here. So is
// who waits for it.
void Shipping::pass_over(store::Lsn to) {
  if (next_ >= to) return;
  std::erase_if(waiting_, [&](const Waiting& w) { return w.place > next_ && w.place <= to; });
  next_ = to;
}

// In a full mesh most of the log is what others have written.
store::Lsn Shipping::pass_over_others(store::Lsn from, store::Lsn until) const {
  if (spec_.forwarding != Forwarding::kOwn) return from;
  const store::Changes& log = origin_.rows().log();
  const store::Lsn begin = origin_.rows().log_begin();
  while (from < until && log[static_cast<std::size_t>(from - begin)].stamp.origin != site_.id()) ++from;
  return from;
}

// Whole transactions until the message is full; what the target does not get of them is left out.
std::shared_ptr<Shipment> Shipping::next_shipment() {
  auto shipment = std::make_shared<Shipment>();
  const store::Changes& log = origin_.rows().log();
  Copy copy{log, shipment->changes};
  const store::Lsn first = origin_.rows().log_begin();
  const store::Lsn until = next_ < delayed_below_ ? std::min(due_, delayed_below_) : due_;
  while (copy.size() < spec_.ship_batch) {
    next_ = pass_over_others(next_, until);
    if (next_ >= until) break;
    std::size_t i = static_cast<std::size_t>(next_ - first);
    const std::size_t before = copy.size();
    bool is_last = false;
    do {
      is_last = log[i].ends_transaction;
      if (carries(i)) copy.add(i);
      ++i;
    } while (!is_last);
    next_ = first + i;
    if (copy.size() == before) continue;
    copy.end_transaction();
    shipment->ends.push_back(next_);
    shipment->end = next_;
  }
  copy.finish();
  return shipment;
}

void Shipping::send(std::shared_ptr<Shipment> shipment) {
  shipment->number = shipped_++;
  if (next_ <= delayed_below_) shipment->delayed = delayed_;
  shipment->begin = std::exchange(chain_end_, shipment->end);
  end_.send(
      [delivery = &delivery_, number = shipment->number, sent = shipment.get()] {
        if (delivery->looks_at(number)) delivery->receive(*sent);
      },
      spec_.transaction_packets);
  sent_.push_back(std::move(shipment));
}

// Of what was sent before nothing counts any more. The target may have less than it once confirmed: its disk was lost,
// and it has its rows from elsewhere; then it gets what other readers have kept in the log.
void Shipping::begin_from(const Progress& progress) {
  ++era_;
  if (losses_ && !delayed_) delayed_ = losses_();
  is_poll_scheduled_ = false;
  is_connected_ = true;
  const store::Lsn begin = origin_.rows().log_begin();
  if (!progress.awaits_image) image_state_ = Image::kNone;
  if (progress.awaits_image && image_state_ == Image::kNone) image_state_ = Image::kAwaited;
  if (image_state_ == Image::kCopying) image_state_ = Image::kOwed;
  if (origin_.log_broken_off() == begin && progress.kept < begin) {
    end_.send([delivery = &delivery_, begin] { delivery->nothing_is_left_before(begin); });
  }
  take_note(progress);
  progress_.received = shipped_;
  chain_end_ = progress.kept;
  confirmed_ = progress.awaits_image ? begin : std::clamp(progress.kept, begin, origin_.rows().log_end());
  origin_.hold(reader_, confirmed_);
  next_ = progress.kept;
  pass_over(confirmed_);
  delayed_below_ = origin_.readable_end();
  if (image_state_ == Image::kOwed) return copy_image();
  news();
}

void Shipping::progressed(const Progress& progress) {
  take_note(progress);
  ship();
}

void Shipping::take_note(const Progress& progress) {
  progress_ = progress;
  while (!sent_.empty() && sent_.front()->number < progress.received) sent_.pop_front();
  if (image_state_ == Image::kSent && image_number_ < progress.received) image_state_ = Image::kNone;
  if (!progress.awaits_image) confirm(progress.kept);
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
  if (image_state_ == Image::kCopying || image_state_ == Image::kSent) image_state_ = Image::kOwed;
}

void Shipping::send_image() {
  begins_with_image_ = false;
  if (image_state_ == Image::kCopying || image_state_ == Image::kSent) return;
  image_state_ = Image::kOwed;
  if (is_connected_ && power_.is_on()) copy_image();
}

// Rows are read now; copying them takes its time, during which nothing else is shipped.
void Shipping::copy_image() {
  ++era_;
  is_poll_scheduled_ = false;
  image_state_ = Image::kCopying;
  image_ = std::make_shared<Shipment>();
  image_->content = Shipment::Content::kImage;
  image_->changes = origin_.image();
  image_->places = origin_.places();
  next_ = image_->end = origin_.rows().log_end();
  site_.after(spec_.copy_time * static_cast<std::int64_t>(image_->changes.size()), [this, era = era_] {
    if (era != era_) return;
    image_state_ = Image::kSent;
    image_number_ = shipped_;
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

// Behind what the target has and up to what is to be shipped next there is nothing for it.
store::Lsn Shipping::safe() const {
  const store::Lsn there = spec_.synchronous == Synchronous::kReceived ? progress_.kept : progress_.applied;
  return ships() && there >= chain_end_ ? std::max(there, next_) : there;
}

void Shipping::release_waiting() {
  while (!waiting_.empty() && waiting_.front().place <= safe()) {
    sim::Action done = waiting_.front().done;
    waiting_.pop_front();
    done();
  }
}

void Shipping::log_lost() {
  ++era_;
  next_ = due_ = confirmed_ = chain_end_ = origin_.rows().log_end();
  is_poll_scheduled_ = false;
  image_state_ = Image::kNone;  // it has none to give; who awaits one asks again
  waiting_.clear();
}

}  // namespace parallax::propagation::replication
