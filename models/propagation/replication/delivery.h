// The target's side of a stream: takes what arrives, applies it in order at a finite speed, and stands still where a
// conflict has no rule. On a full disk the apply fails too, and is tried again at every retry's interval for as long as
// that takes: PostgreSQL's worker ends with "could not extend file: No space left on device" and is started anew after
// wal_retrieve_retry_interval. That counts neither as one of the retries nor as an error that disables it, and no
// operator leaves a transaction out for it. A trail is taken to have a disk of its own.
//
// Stages: replication_lag up to the arrival (link_down and tcp_backoff where a fault kept it back), then apply_backlog
// where it had to queue, apply_stopped where the apply stood still, disk_full where there was no room.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "models/domain/journal.h"
#include "models/propagation/replication/replica.h"
#include "models/propagation/replication/shipment.h"
#include "models/propagation/replication/spec.h"
#include "sim/connection.h"
#include "sim/power.h"
#include "sim/site.h"

namespace parallax::propagation::replication {

class Shipping;

class Delivery {
 public:
  /// `name`: of its random streams. `stage_of_fault`: what waits for each fault is charged to.
  Delivery(sim::Site& site, const sim::Power& power, Replica& target, sim::SiteId origin, const std::string& name,
           const StreamSpec& spec, std::vector<domain::Stage> stage_of_fault);

  /// `reconnect`: in so much time from now, if it is the target who connects. Before the run.
  void join(sim::ConnectionEnd& end, Shipping& shipping, std::function<void(sim::Duration)> reconnect);

  void connected();
  void disconnected();
  /// Before disconnected(): in its handshake, so that the apply had only just been started.
  void refused() { started_ = site_.now(); }

  /// False of a datagram that a later one has overtaken: it may be gone at the origin, and counts as lost.
  bool looks_at(std::uint64_t shipment) const { return shipment >= progress_.received; }

  /// Requires: called once at most for each shipment, by the connection, in order; looks_at it.
  void receive(const Shipment& shipment);

  /// The host has lost its memory, or all of its disk; then nothing is applied until an image has come.
  void memory_lost();
  void disk_lost();
  void restored();

  /// The origin's log was broken off there: what has not arrived of what was before will not come.
  void nothing_is_left_before(store::Lsn place);

  /// Nothing is applied from now on until an image has come, from this origin or another; of all streams to a replica,
  /// so that each origin keeps what the image may lack.
  void await_image();

  /// The replica has taken another's image: the stream goes on from where that one had come in the origin's log, or
  /// where it does not follow the origin from where it was.
  void image_came_from_elsewhere();

  /// Tells of an image that has been taken on. Before the run.
  void on_image(std::function<void()> listener) { on_image_ = std::move(listener); }

 private:
  enum class State : std::uint8_t { kIdle, kPolling, kApplying, kStopped, kGivenUp };
  struct Arrival {
    std::shared_ptr<const Shipment> shipment;
    sim::VirtualTime when;
    domain::Passage passage;  ///< until then
  };
  struct Arrived {
    const Arrival* by;
    store::Lsn end;
    std::uint32_t first;    ///< change of the shipment
    std::uint32_t changes;  ///< of the transaction
    bool queued;            ///< others were before it, or being applied
    store::Slot guess;      ///< where the row of its first change may be

    const store::Changes& block() const { return by->shipment->changes; }
  };

  void take_image(const Shipment& image);
  void take(const Shipment& shipment);
  domain::Passage passage_of_arrival(const Shipment& shipment) const;
  domain::Passage passage_of(const Arrived& next) const;
  void begin();
  std::size_t next_batch(std::size_t& transactions) const;
  bool apply_batch(std::size_t transactions);
  void expect_next();
  bool apply_first();
  void pop_first();
  void take_off_trail();
  void forget_arrived();
  void wait_for_room();
  void stop();
  void restart();
  void retry();
  void call_operator();
  void resume();
  void begin_anew();
  void go_on_from(store::Lsn place);
  void greet();
  void report();
  void record(domain::StreamChange change);
  void drop_memory();

  sim::Site& site_;
  const sim::Power& power_;
  Replica& target_;
  sim::SiteId origin_;
  StreamSpec spec_;
  std::vector<domain::Stage> stage_of_fault_;
  sim::ConnectionEnd* end_{nullptr};
  Shipping* shipping_{nullptr};
  sim::Duration poll_phase_;
  std::function<void(sim::Duration)> reconnect_;
  std::function<void()> on_image_;

  State state_{State::kIdle};
  std::uint32_t era_{0};  ///< counted up when scheduled work becomes void
  bool awaits_image_{false};
  std::deque<Arrived> arrived_;   ///< the trail: transactions in the shipments that brought them
  std::deque<Arrival> arrivals_;  ///< those shipments; none that has no transaction on the trail
  std::size_t waiting_{0};        ///< changes on the trail
  Progress progress_;
  store::Lsn received_end_{0};
  sim::VirtualTime started_;                 ///< of the apply
  std::optional<sim::VirtualTime> stopped_;  ///< since the first failure of the transaction at the front
  store::Lsn stopped_by_{0};                 ///< the place behind what failed
  sim::VirtualTime stop_began_;              ///< the last stop
  sim::VirtualTime resumed_;                 ///< after it
  std::optional<sim::VirtualTime> full_;     ///< since when the disk has had no room for what is at the front
  sim::VirtualTime full_began_;              ///< the last such time
  sim::VirtualTime full_ended_;              ///< and the first transaction that was applied after it
  std::uint32_t retries_{0};
  bool skips_{false};  ///< an operator has said so
};

}  // namespace parallax::propagation::replication
