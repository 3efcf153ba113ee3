// What was sent over a connection, until the other end has said that it is there.
#pragma once

#include <boost/circular_buffer.hpp>
#include <cstdint>

#include "models/propagation/broker/event.h"
#include "sim/connection.h"
#include "sim/time.h"

namespace parallax::propagation::broker {

class UnderWay {
 public:
  /// The next message of `end` is this event.
  void add(const Event& event, const sim::ConnectionEnd& end, sim::VirtualTime now);

  /// Of the connection that has ended, what was not acknowledged, in order, with the instants of sending.
  template <typename Visit>
  void drain(const sim::ConnectionEnd& end, Visit&& visit) {
    forget_below(end.next_number() - end.unacknowledged_at_end());
    for (const Sent& sent : sent_) visit(sent.event, sent.when);
    sent_.clear();
  }

 private:
  struct Sent {
    Event event;
    sim::VirtualTime when;
    std::uint32_t number;
  };
  void forget_below(std::uint32_t number);

  boost::circular_buffer<Sent> sent_{8};
};

}  // namespace parallax::propagation::broker
