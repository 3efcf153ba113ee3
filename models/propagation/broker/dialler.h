// When whoever has lost a connection tries again. In rounds: each goes through the list of URLs once, from the first,
// with some tries at each. Between rounds there are pauses, each longer than the one before, so that after a long
// outage the pause may outlast it by as much again.
//
//   round 1          pause       round 2            pause                 round 3
//   |url 1 url 2 ..|............|url 1 url 2 ..|.........................|url 1 ...
//   <-- patience --> 2 x initial <-- patience -->     4 x initial
#pragma once

#include <cstddef>
#include <cstdint>

#include "models/propagation/broker/spec.h"
#include "sim/site.h"

namespace parallax::propagation::broker {

class Dialler {
 public:
  class Phone {
   public:
    /// Begins a try; its end is told by succeeded() or failed().
    virtual void dial(std::size_t url) = 0;
    /// The try is given up.
    virtual void hang_up(std::size_t url) = 0;

   protected:
    ~Phone() = default;
  };

  /// Requires: urls > 0; a phone that outlives the run.
  Dialler(sim::Site& site, const ReconnectSpec& spec, std::size_t urls, Phone& phone)
      : site_{site}, spec_{spec}, urls_{urls}, phone_{phone} {}
  Dialler(const Dialler&) = delete;
  Dialler& operator=(const Dialler&) = delete;

  /// A round begins now, the first of a new ladder.
  void begin();
  void succeeded();
  void failed();

  /// Nothing is tried any more, until begin().
  void stop();

  bool is_trying() const { return is_dialling_; }
  std::size_t url() const { return url_; }

  /// When the last try ended in vain. Since then nobody has known whether the way is clear.
  sim::VirtualTime last_failure() const { return last_failure_; }

 private:
  void begin_round();
  void dial();
  void end_round();

  sim::Site& site_;
  ReconnectSpec spec_;
  std::size_t urls_;
  Phone& phone_;
  std::size_t url_{0};
  std::uint32_t tries_{0};  ///< at this URL
  bool is_dialling_{false};
  std::uint32_t round_{0};  ///< what an earlier one has left scheduled is void
  sim::Duration pause_{};
  sim::VirtualTime last_failure_{};
};

}  // namespace parallax::propagation::broker
