#include "models/propagation/replication/wal_writer.h"

#include <utility>

namespace parallax::propagation::replication {

namespace {

constexpr std::uint64_t whole_pages(std::uint64_t bytes) { return bytes - bytes % WalWriter::kPage; }

}  // namespace

WalWriter::WalWriter(sim::Site& site, sim::Duration phase, std::function<void(std::uint64_t)> flushed)
    : site_{site},
      flushed_{std::move(flushed)},
      last_round_{sim::VirtualTime{} + phase - kDelay},
      last_useful_{last_round_},
      last_flush_{last_round_} {}

void WalWriter::insert(std::uint64_t bytes) {
  const std::uint64_t before = inserted_;
  inserted_ += bytes;
  if (whole_pages(before) != whole_pages(inserted_)) write_request_ = inserted_;
}

void WalWriter::committed_synchronously(std::uint64_t place, std::uint64_t bytes) {
  insert(bytes);
  unflushed_.clear();
  flushed_bytes_ = inserted_;
  flushed_(place);
}

void WalWriter::committed_asynchronously(std::uint64_t place, std::uint64_t bytes) {
  const bool was_asleep = is_hibernating();
  insert(bytes);
  if (unflushed_.full()) unflushed_.set_capacity(2 * unflushed_.capacity());
  unflushed_.push_back({inserted_, place});
  const bool is_nudged = was_asleep || whole_pages(inserted_) > flushed_bytes_;
  schedule(is_nudged ? site_.now() : next_round());
}

bool WalWriter::is_hibernating() const {
  return unflushed_.empty() && site_.now() - last_useful_ > kDelay * kRoundsUntilHibernation;
}

// Rounds with nothing to do are not simulated, but counted.
sim::VirtualTime WalWriter::next_round() const {
  const sim::Duration since = site_.now() - last_round_;
  return last_round_ + kDelay * (since.ns / kDelay.ns + 1);
}

void WalWriter::schedule(sim::VirtualTime wake) {
  if (is_scheduled_ && wake_ <= wake) return;
  if (is_scheduled_) site_.cancel(timer_);
  is_scheduled_ = true;
  wake_ = wake;
  timer_ = site_.at(wake, [this] {
    is_scheduled_ = false;
    round();
  });
}

void WalWriter::round() {
  last_round_ = site_.now();
  if (unflushed_.empty()) return;
  last_useful_ = site_.now();
  const std::uint64_t pages = whole_pages(write_request_);
  const std::uint64_t target = pages > flushed_bytes_ ? pages : inserted_;
  const bool is_much = target / kPage - flushed_bytes_ / kPage >= kFlushAfter;
  if (is_much || site_.now() - last_flush_ >= kDelay) {
    last_flush_ = site_.now();
    flush(target);
  }
  if (!unflushed_.empty()) schedule(site_.now() + kDelay);
}

void WalWriter::flush(std::uint64_t below) {
  flushed_bytes_ = below;
  std::uint64_t place = 0;
  while (!unflushed_.empty() && unflushed_.front().end <= below) {
    place = unflushed_.front().place;
    unflushed_.pop_front();
  }
  if (place > 0) flushed_(place);
}

void WalWriter::restart() {
  if (is_scheduled_) site_.cancel(timer_);
  is_scheduled_ = false;
  unflushed_.clear();
  flushed_bytes_ = inserted_;
  last_round_ = last_useful_ = last_flush_ = site_.now();
}

}  // namespace parallax::propagation::replication
