// A replica with the streams that join it to others: how it goes down with its site, and how it comes back. Without its
// disk it asks those that it follows, one after the other, for an image, and is out of step until one has come. An
// operator may have its rows replaced by the image of one that is trusted.
#pragma once

#include <cstdint>
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

  /// `target` follows it, from `starts` on: where that is later than 0, beginning with an image. `name`: of random
  /// streams, distinct among streams. Before the run.
  void lead(Peer& target, const std::string& name, const StreamSpec& spec,
            const std::vector<domain::Stage>& stage_of_fault, sim::VirtualTime starts);

  /// Connects to those who follow it, or will when it is time. Before the run.
  void start();

  bool is_in_step() const { return is_in_step_; }

  /// The image of `source` takes the place of the rows here; until it has come nothing else is applied. Requires: this
  /// one follows it. At its site.
  void resynchronise_from(Peer& source);

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
    sim::VirtualTime starts;
    std::unique_ptr<Stream> stream;
  };

  bool needs_image() const { return trusted_ != nullptr || !is_in_step_; }
  void ask_for_image();
  void send_image_to(Peer& asker);
  void image_came(const Incoming& from);

  Replica& replica_;
  const sim::Power& power_;
  std::vector<Outgoing> outgoing_;
  std::vector<Incoming> incoming_;
  std::size_t asked_{0};
  std::uint32_t asking_{0};  ///< counted up when asking begins anew
  Peer* trusted_{nullptr};   ///< whose image is to take the place of the rows here, until it has
  bool is_in_step_{true};    ///< false from the loss of the disk until an image has come
};

}  // namespace parallax::propagation::replication
