// The origin's side of a stream: reads the log and sends what the target has not got. What the target has not confirmed
// stays in the log, so a broken connection loses nothing and a stopped apply makes the log grow.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "models/propagation/replication/replica.h"
#include "models/propagation/replication/shipment.h"
#include "models/propagation/replication/spec.h"
#include "sim/connection.h"
#include "sim/power.h"
#include "sim/site.h"

namespace parallax::propagation::replication {

class Delivery;

class Shipping final : public Safekeeper {
 public:
  /// `name`: of its random streams.
  Shipping(sim::Site& site, const sim::Power& power, Replica& origin, sim::SiteId target, const std::string& name,
           const StreamSpec& spec, sim::ConnectionEnd& end, Delivery& delivery);

  /// The target is there, and has this much: it goes on from here, as far as the log still reaches back.
  void begin_from(const Progress& progress);

  void progressed(const Progress& progress);

  /// Of datagrams: asked before it goes on, what has kept back some of them since it was last asked. Before the run.
  void on_going_on(std::function<std::optional<Delayed>()> losses) { losses_ = std::move(losses); }

  /// Nothing can be sent until begin_from(); what has not been confirmed waits for this.
  void disconnected(const Delayed& why);

  /// Nothing is kept for the target before the first image is sent. Before the run.
  void begins_with_image() { begins_with_image_ = true; }

  /// Sends an image of all rows in the place of everything that is not confirmed, again after each connection that
  /// breaks before the target has it. Nothing if one is on its way.
  void send_image();

  /// Once the target has received or applied it, as the spec says, or the spec's time is over.
  void when_safe(store::Lsn place, const sim::Action& done) override;

  /// The log has been broken off (the disk is lost).
  void log_lost();

 private:
  /// Of an image. While one is awaited, whoever it comes from, or being copied, nothing else is shipped.
  enum class Image : std::uint8_t { kNone, kAwaited, kOwed, kCopying, kSent };

  bool ships() const;
  void news();
  void due(store::Lsn below);
  void ship();
  void ship_at_poll();
  void pass_over(store::Lsn to);
  std::shared_ptr<Shipment> next_shipment();
  store::Lsn pass_over_others(store::Lsn from, store::Lsn until) const;
  bool carries(std::size_t number) const;  ///< of the log
  bool carries_definition(std::size_t number) const;
  bool is_of_data_center(std::size_t number) const;
  void send(std::shared_ptr<Shipment> shipment);
  void copy_image();
  void take_note(const Progress& progress);
  void confirm(store::Lsn below);
  store::Lsn safe() const;
  void release_waiting();
  void release(std::uint64_t ticket);

  sim::Site& site_;
  const sim::Power& power_;
  Replica& origin_;
  sim::SiteId target_;
  StreamSpec spec_;
  sim::ConnectionEnd& end_;
  Delivery& delivery_;
  Replica::ReaderId reader_;
  sim::Duration poll_phase_;

  bool is_connected_{false};
  std::function<std::optional<Delayed>()> losses_;
  std::optional<Delayed> delayed_;  ///< while there was no connection, all that is below delayed_below_
  store::Lsn delayed_below_{0};
  bool is_poll_scheduled_{false};
  bool begins_with_image_{false};
  Image image_state_{Image::kNone};
  std::uint32_t era_{0};      ///< counted up when what was under way becomes void
  store::Lsn due_{0};         ///< what is below has been captured, or its poll has come
  store::Lsn next_{0};        ///< to be shipped
  store::Lsn confirmed_{0};   ///< needed no more
  store::Lsn chain_end_{0};   ///< what the target has once it has all that was sent
  std::uint64_t shipped_{0};  ///< shipments so far
  Progress progress_;
  std::shared_ptr<Shipment> image_;             ///< that is being copied
  std::uint64_t image_number_{0};               ///< that was sent
  std::deque<std::shared_ptr<Shipment>> sent_;  ///< that the target may still look at

  struct Waiting {
    store::Lsn place;
    std::uint64_t ticket;
    sim::Action done;
  };
  std::deque<Waiting> waiting_;
  std::uint64_t tickets_{0};
};

}  // namespace parallax::propagation::replication
