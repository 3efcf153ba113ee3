// The sending half of one end of a connection: what was sent and not acknowledged, when it goes again, and how much of
// it may be under way. Linux's rules, as far as messages of a few packets show them:
//
// * Retransmission. Without an acknowledgement a tail loss probe goes first (RFC 8985: two round trips after the last
//   new segment, but no later than the time-out of the first), then the first segment again at every time-out, each
//   twice as long as the one before. So after a cut nothing arrives until the next of these instants, which may be as
//   far away as the cut was long.
// * Recovery. After a time-out the window begins with one packet and doubles with each round trip. If meanwhile the
//   other end is heard of, which had to repeat something of its own, the time-out was in vain (Eifel, F-RTO: RFC 3522,
//   5682): all that waits goes at once, though what was lost still waits for its time-out, so that all arrives with it.
// * Idleness. What is sent after a pause longer than a time-out finds the window halved for each time-out of the pause,
//   down to what a new connection has (tcp_slow_start_after_idle, RFC 2861): bursts begin slowly each time.
// * What was overtaken by a segment sent a quarter of a round trip later is lost and goes again at once; if that turns
//   out wrong, a quarter more is allowed, up to a whole one (RACK, RFC 8985). Unlike a time-out it leaves the window as
//   it is: messages of this kind do not fill the way.
// * Messages that waited share packets (tcp_collapse_retrans, and writes into the socket's buffer).
#pragma once

#include <boost/circular_buffer.hpp>
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "sim/alarm.h"
#include "sim/site.h"
#include "sim/tcp_timing.h"

namespace parallax::sim {

/// Of numbers that may wrap.
constexpr bool is_after(std::uint32_t a, std::uint32_t b) { return static_cast<std::int32_t>(a - b) > 0; }

/// What is sent, lost and arrives together, [first, first + count): one message of so many packets, or several in one.
struct Run {
  std::uint32_t first{0};
  std::uint32_t count{0};
  std::uint32_t packets{0};
};

/// What the receiver says of what it has.
struct Acknowledgement {
  std::uint32_t below{0};  ///< every message before this one has arrived
  std::uint32_t first{0};  ///< and these, beyond a gap
  std::uint32_t count{0};
  VirtualTime echo{};        ///< when the segment left that it heard last (RFC 7323), up to 1 us early
  bool is_prompt{false};     ///< said in the instant in which that one arrived
  bool is_duplicate{false};  ///< that one brought nothing new
};

/// Since when which fault has kept back what is not acknowledged yet.
struct HeldBack {
  std::uint32_t fault;
  VirtualTime since;
};

/// The messages of a sender by number. The receiver, possibly on another thread, reads those that it has been sent and
/// has not acknowledged; these are not written. A ring that has become too small stays as it was for segments under
/// way.
class Messages {
 public:
  struct Ring {
    std::uint32_t mask;
    std::unique_ptr<Action[]> slots;
    const Action& operator[](std::uint32_t number) const { return slots[number & mask]; }
  };

  /// Requires: numbers [first, number) are all that may still be read.
  void put(std::uint32_t first, std::uint32_t number, const Action& action);
  const Ring* ring() const { return rings_.empty() ? nullptr : rings_.back().get(); }

 private:
  std::vector<std::unique_ptr<const Ring>> rings_;  ///< each twice as large as the one before
};

class TcpSender {
 public:
  /// What the sender is part of.
  class Carrier {
   public:
    virtual Sent carry(const Run& run) = 0;
    virtual void give_up() = 0;  ///< after 15 minutes of retransmissions

   protected:
    ~Carrier() = default;
  };

  /// `messages_per_packet`: of those that wait, 0: they share none. Requires: a carrier that outlives the run.
  TcpSender(Site& site, Carrier& carrier, std::uint32_t messages_per_packet, Duration acknowledgement_delay,
            TimerWheel wheel);

  /// A new connection: nothing is known of the way, and nothing is owed.
  void begin();

  /// Nothing goes out any more.
  void drop();

  /// Requires: packets > 0.
  void send(const Action& action, std::uint32_t packets);
  void hear(const Acknowledgement& acknowledgement);

  std::uint32_t next_number() const { return end_; }
  std::uint32_t unacknowledged() const { return end_ - first_; }
  const std::optional<HeldBack>& held_back() const { return held_; }
  const Messages::Ring* messages() const { return messages_.ring(); }
  Duration round_trip() const { return round_trip_.smoothed(); }

 private:
  enum class Waits : std::uint8_t { kForProbe, kForTimeout };
  enum class State : std::uint8_t { kOpen, kLoss };

  struct Outgoing {
    VirtualTime sent;         ///< most recently
    std::uint32_t packets;    ///< by itself
    std::uint32_t in_flight;  ///< packets on its account
    bool has_arrived;         ///< beyond a gap
    bool is_timed_out;        ///< sent again by a time-out, so that only the next one will tell
  };

  static constexpr std::int64_t kBytes = sizeof(Action) + sizeof(Outgoing);
  static constexpr std::uint32_t kNoThreshold = 1U << 30;

  Outgoing& at(std::uint32_t number) { return outgoing_[number - first_]; }
  Duration timeout() const { return backed_off(wheel_.whole(round_trip_.timeout()), backoff_); }

  void shrink_after_idleness();
  void transmit_what_fits();
  Run packet(std::uint32_t from, std::uint32_t until);
  void transmit(const Run& run);
  std::uint32_t acknowledge_below(std::uint32_t number);
  std::uint32_t acknowledge_beyond(std::uint32_t first, std::uint32_t count);
  void take_off(Outgoing& one);
  void sample_round_trip(Duration sample);
  void grow_window(std::uint32_t acknowledged, std::uint32_t in_flight);
  void resend_overtaken(VirtualTime by);
  bool is_lost(std::uint32_t number, VirtualTime before);
  void progress(const Acknowledgement& acknowledgement, std::uint32_t acknowledged, std::uint32_t in_flight);
  void undo_loss();

  void wait_after_send();
  void wait_after_progress();
  void wait_for_probe(Duration bound);
  void wait_for_timeout(Duration delay);
  void wake();
  void probe();
  void time_out();
  void enter_loss();

  Site& site_;
  Carrier& carrier_;
  std::uint32_t messages_per_packet_;
  Duration acknowledgement_delay_;
  TimerWheel wheel_;
  Alarm alarm_;
  Waits waits_{Waits::kForTimeout};

  // Numbers run on for ever, from one connection to the next. first_ <= next_ <= end_.
  Messages messages_;
  boost::circular_buffer<Outgoing> outgoing_;  ///< [first_, end_)
  std::uint32_t first_{0};                     ///< not acknowledged
  std::uint32_t next_{0};                      ///< to be transmitted
  std::uint32_t end_{0};
  std::uint32_t arrived_beyond_{0};  ///< messages acknowledged beyond a gap

  RoundTripTime round_trip_;
  std::uint32_t round_ends_{0};  ///< the first number of the next round trip

  State state_{State::kOpen};
  std::uint32_t window_{kInitialWindow};  ///< packets that may be in flight
  std::uint32_t window_before_loss_{0};
  std::uint32_t threshold_{kNoThreshold};  ///< where it no longer doubles
  std::uint32_t grown_{0};                 ///< packets acknowledged since it last grew by one
  std::uint32_t in_flight_{0};
  VirtualTime sent_last_{};       ///< anything
  std::uint32_t transmitted_{0};  ///< end of what had been when the loss or the probe began
  bool is_probed_{false};
  std::uint32_t backoff_{0};
  std::int64_t reordering_{1};  ///< quarters of a round trip by which segments may overtake others
  VirtualTime first_timeout_{};
  std::optional<HeldBack> held_;
  std::uint32_t held_below_{0};  ///< end of what it holds back
};

}  // namespace parallax::sim
