// A replica with the streams that join it to others: how it goes down with its site, and how it comes back. Without its
// disk it asks those that it follows, one after the other, for an image, and is out of step until one has come.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "models/domain/stage.h"
#include "models/propagation/replication/replica.h"
#include "models/propagation/replication/spec.h"
#include "models/propagation/replication/stream.h"
#include "sim/power.h"

namespace parallax::propagation::replication {

class Peer {
 public:
  Peer(Replica& replica, const sim::Power& power) : replica_{replica}, power_{power} {}
  Peer(const Peer&) = delete;
  Peer& operator=(const Peer&) = delete;

  /// `target` follows it. `name`: of random streams, distinct among streams. Before the run.
  void lead(Peer& target, const std::string& name, const StreamSpec& spec,
            const std::vector<domain::Stage>& stage_of_fault);

  /// Connects to those who follow it.
  void start();

  bool is_in_step() const { return is_in_step_; }

  // What happens to its site, told after its power knows.
  void lost();
  void disk_lost();  ///< after the replica has been cleared
  void restored();

 private:
  struct Incoming {
    Peer* source;
    Stream* stream;
  };
  struct Outgoing {
    Peer* target;
    std::unique_ptr<Stream> stream;
  };

  void ask_for_image();
  void send_image_to(Peer& asker);
  void image_came(const Stream& from);

  Replica& replica_;
  const sim::Power& power_;
  std::vector<Outgoing> outgoing_;
  std::vector<Incoming> incoming_;
  std::size_t asked_{0};
  bool is_in_step_{true};
};

}  // namespace parallax::propagation::replication
