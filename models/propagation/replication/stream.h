// One replica follows another, in one direction: a connection with shipping at its one end and delivery at the other,
// and who connects again when it breaks. Over datagrams nothing breaks and nobody hears of a loss: the target says
// again and again how far it is, and gets what comes after.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "models/domain/stage.h"
#include "models/propagation/replication/delivery.h"
#include "models/propagation/replication/replica.h"
#include "models/propagation/replication/shipping.h"
#include "models/propagation/replication/spec.h"
#include "sim/connection.h"
#include "sim/power.h"

namespace parallax::propagation::replication {

class Stream {
 public:
  struct Party {
    Replica& replica;
    const sim::Power& power;
  };

  /// `name`: of its random streams, distinct among streams.
  Stream(const Party& origin, const Party& target, const std::string& name, const StreamSpec& spec,
         const std::vector<domain::Stage>& stage_of_fault);
  Stream(const Stream&) = delete;
  Stream& operator=(const Stream&) = delete;

  /// Connects for the first time, now or at `when` with an image of the origin's rows. Before the run.
  void start();
  void start_at(sim::VirtualTime when);

  Shipping& shipping() { return shipping_; }
  Delivery& delivery() { return delivery_; }
  const Replica& target() const { return target_.replica; }

  // At the origin's site.
  void origin_lost();
  void origin_restored();
  void origin_disk_lost() { shipping_.log_lost(); }

  // At the target's site.
  void target_lost();
  void target_restored();
  void target_disk_lost() { delivery_.disk_lost(); }

 private:
  class AtOrigin final : public sim::ConnectionListener {
   public:
    explicit AtOrigin(Stream& stream) : stream_{stream} {}
    void opened() override {}
    void closed(sim::Closed) override { stream_.origin_disconnected(); }

   private:
    Stream& stream_;
  };
  class AtTarget final : public sim::ConnectionListener {
   public:
    explicit AtTarget(Stream& stream) : stream_{stream} {}
    void opened() override { stream_.delivery_.connected(); }
    void closed(sim::Closed reason) override {
      if (reason == sim::Closed::kHandshake) stream_.delivery_.refused();
      stream_.delivery_.disconnected();
    }

   private:
    Stream& stream_;
  };

  const Party& client() const { return spec_.target_connects ? target_ : origin_; }
  sim::ConnectionEnd& origin_end();
  sim::ConnectionEnd& target_end();
  void origin_disconnected();
  std::optional<std::uint32_t> refusal_now() const;
  void connect();
  void connect_in(sim::Duration wait);
  bool has_datagrams() const { return spec_.connection.transport == sim::Transport::kDatagram; }
  void ask();
  std::optional<Delayed> why_lost();
  Delayed why_disconnected();

  Party origin_;
  Party target_;
  StreamSpec spec_;
  std::vector<domain::Stage> stage_of_fault_;
  AtOrigin at_origin_{*this};
  AtTarget at_target_{*this};
  sim::Connection connection_;
  Delivery delivery_;
  Shipping shipping_;
  bool has_started_{false};   ///< at the client's site, as is attempt_
  std::uint32_t attempt_{0};  ///< to connect
};

}  // namespace parallax::propagation::replication
