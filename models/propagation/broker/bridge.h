// Passes what is published at one broker on to brokers at other nodes: event duplication between two control planes, or
// the custom publishers, one for each stream and region, by which regions tell each other (WSO2's multi-data-center
// deployment pattern 1). What has come by a bridge itself is left alone.
//
// Where the publishers of all targets share threads that wait for each of them, one that is dead blocks all, the own
// topic's too (wso2/api-manager 3125: throttling stopped).
#pragma once

#include <cstdint>
#include <deque>
#include <vector>

#include "models/propagation/broker/broker.h"
#include "models/propagation/broker/event.h"
#include "models/propagation/broker/sender.h"
#include "models/propagation/broker/spec.h"
#include "sim/site.h"

namespace parallax::propagation::broker {

class Bridge {
 public:
  /// Requires: senders at the broker's node that outlive the run.
  Bridge(Broker& from, const BridgeSpec& spec, std::vector<Sender*> targets);
  Bridge(const Bridge&) = delete;
  Bridge& operator=(const Bridge&) = delete;

  std::size_t waiting() const { return waiting_.size(); }

  // What happens to its host, told after its power knows.
  void lost();

 private:
  /// An event that waits, and whether it is this bridge that relays it to the own subscribers.
  struct Waiting {
    Event event;
    bool is_relayed;
  };

  bool must_wait() const;
  void keep(const Event& event, Broker::Local local);
  bool is_blocked() const;
  void lose_all(const Waiting& waiting, domain::EventLoss why, domain::Stage by);
  void send(const Event& event);
  void go_on();

  Broker& from_;
  BridgeSpec spec_;
  std::vector<Sender*> targets_;
  std::deque<Waiting> waiting_;
};

}  // namespace parallax::propagation::broker
