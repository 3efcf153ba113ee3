// A TCP connection between two sites: what is sent at one end runs at the other, in order and once, as long as the
// connection lives. How long that takes under jitter, loss and outages is TCP's doing (tcp_sender.h): a message waits
// for those before it, and after a cut for the next retransmission.
//
//   sim::Connection stream{publisher, subscriber, "dc1->dc2 replication", spec, at_publisher, at_subscriber};
//   stream.client().connect();                                // at its site
//   stream.client().send([...] { subscriber.apply(row); });   // once it is open; also in the other direction
//
// Each end lives at its own site and is touched there only. An end that opens, closes by itself or is closed from afar
// tells its listener; then what was not delivered is gone, and connecting again is up to the client's owner. What an
// earlier connection had under way never reaches a later one.
//
// On a healthy way a message costs its delivery, an acknowledgement unless an answer carries it, and less than one
// timer. An idle connection costs nothing, or a ping per half a silence time-out.
#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <string_view>
#include <vector>

#include "sim/alarm.h"
#include "sim/standstill.h"
#include "sim/tcp_sender.h"

namespace parallax::sim {

enum class Transport : std::uint8_t {
  kStream,
  /// Each message goes by itself, as by Site::send; both ends are open from the start and stay so, power or not.
  kDatagram,
};

/// Whether the ends look at each other's certificate when they connect, and so may be refused.
enum class Certificates : std::uint8_t { kChecked, kIgnored };

struct ConnectionSpec {
  Transport transport{Transport::kStream};

  /// The client gives up if it is not open after so long. 0: when all SYNs are spent without an answer, 131 s with
  /// Linux's defaults.
  Duration connect_timeout{};
  /// Sent again once a second so many times, then twice as long each time. 4: Linux since 6.5
  /// (tcp_syn_linear_timeouts); 0 before.
  std::uint32_t syn_linear_timeouts{4};
  /// Sent again so many times beyond those (tcp_syn_retries).
  std::uint32_t syn_retries{6};
  /// Before the client may send, TCP's included: more where client and server greet each other. Requires: > 0.
  std::uint32_t handshake_round_trips{1};

  /// An end closes that has heard nothing for so long. It asks the other for a sign of life after half of it, as
  /// PostgreSQL's walsender and walreceiver do (wal_sender_timeout, wal_receiver_timeout). 0: never.
  Duration client_silence_timeout{};
  Duration server_silence_timeout{};

  /// Of those that wait for the way or the window so many share a packet (1,448 bytes); 0: none do, they are large.
  std::uint32_t messages_per_packet{0};
  /// By how much acknowledgements come late on average, because the receiver hopes for an answer to send them with
  /// (TCP_DELACK_MIN, 40 ms). It adds to SRTT and so to every time-out, but delays nothing by itself. Measured with
  /// PostgreSQL 15's logical replication, some 20 rows a second: 2 to 7 ms if the way takes 10 ms, 11 if 40 or 100.
  Duration acknowledgement_delay{};
  /// Of the hosts' timers; 4 ms with CONFIG_HZ=250 (Debian, Ubuntu). 0: timers are exact.
  Duration tick{milliseconds(4)};

  Certificates certificates{Certificates::kChecked};
};

enum class Closed : std::uint8_t {
  kByPeer,          ///< the other end's owner closed it, or its liveness did
  kReset,           ///< the other host does not know the connection: it has restarted since, or closed unheard
  kReplaced,        ///< the client has connected anew
  kRefused,         ///< nobody listens
  kHandshake,       ///< an end does not accept the other's certificate
  kConnectTimeout,  ///< not open in time, or no answer to any SYN
  kSilence,         ///< nothing heard for the silence time-out
  kUnacknowledged,  ///< 15 minutes of retransmissions (tcp_retries2)
};

class ConnectionListener {
 public:
  virtual void opened() = 0;
  virtual void closed(Closed reason) = 0;

 protected:
  ~ConnectionListener() = default;
};

class Connection;

class ConnectionEnd final : private TcpSender::Carrier {
 public:
  ConnectionEnd(const ConnectionEnd&) = delete;
  ConnectionEnd& operator=(const ConnectionEnd&) = delete;

  // The client's.

  /// Begins a new connection; the listener hears of its opening or its failure. Requires: closed, and with power.
  void connect();

  // The server's, which listens from the start.

  /// From now on connecting is refused; what is open stays.
  void stop_listening() { listens_ = false; }
  void listen() { listens_ = true; }

  // Either's.

  bool is_open() const { return state_ == State::kOpen; }

  /// Runs `action` at the other site, after all that was sent before it. A message of several packets takes as long as
  /// the slowest. Requires: open, packets > 0.
  void send(const Action& action, std::uint32_t packets = 1);

  /// Ends the connection, or the attempt, and says so once; if that is lost, the other end finds out by its liveness,
  /// or when it next sends. Nothing if closed. The own listener is not told.
  void close();

  /// The host loses its power: all state is gone, nothing is said, and nothing heard until it is restored.
  void lose();
  void restore() { has_power_ = true; }

  /// It belongs to this process, which outlives it: what arrives while that stands still is acknowledged and waits.
  /// Who is closed meanwhile is told at once. Before the run.
  void belongs_to(Standstill& process) { process_ = &process; }

  /// Messages that the other end has not acknowledged.
  std::uint32_t unacknowledged() const { return sender_.unacknowledged(); }

  /// The same as of the end of the last connection: what was under way then and may or may not have been delivered.
  std::uint32_t unacknowledged_at_end() const { return unacknowledged_at_end_; }

  /// Of the next message that is sent here. Numbers run on from one connection to the next; they may wrap, and TCP's
  /// own signs of life take some.
  std::uint32_t next_number() const { return sender_.next_number(); }

  /// The fault that keeps back what is unacknowledged, as far as this site knows, and since when. Of a closed
  /// connection: what kept back at its end what was then lost.
  const std::optional<HeldBack>& held_back() const { return sender_.held_back(); }

  /// The same for the message that is being delivered here: what held it back on its way. Within a message's action.
  const std::optional<HeldBack>& was_held_back() const { return was_held_back_; }

  /// Of datagrams: the fault that took the first one that any took since this was last called, and when.
  std::optional<HeldBack> taken_datagram();

  /// SRTT; 0 before the first measurement.
  Duration round_trip() const { return sender_.round_trip(); }

 private:
  friend class Connection;
  enum class State : std::uint8_t { kClosed, kConnecting, kGreeting, kOpen };
  enum class Role : std::uint8_t { kClient, kServer };
  enum class Kind : std::uint8_t { kSyn, kSynAck, kData, kClose, kReset };

  /// What crosses the network. Instants are 32 bits of microseconds, as TCP's time stamps are of milliseconds.
  struct Segment {
    const Messages::Ring* messages;
    VirtualTime held_since;
    std::uint32_t held_by;  ///< kNoFault: by nothing
    std::uint32_t connection;
    std::uint32_t first;  ///< of the messages in it; in a SYN, of those to come
    std::uint32_t count;
    std::uint32_t acknowledged;
    std::uint32_t beyond_first;
    std::uint32_t beyond_count;
    std::uint32_t left;
    std::uint32_t echo;  ///< when the segment left that was heard last
    Kind kind;
    bool is_prompt;  ///< leaves when that one arrives
    bool answers_duplicate;
  };

  /// Messages that wait for others before them.
  struct Early {
    const Messages::Ring* messages;
    std::uint32_t first;
    std::uint32_t count;
  };

  struct Side {
    Site& site;
    ConnectionListener& listener;
    Duration silence_timeout;
    Role role;
    TimerWheel wheel;
  };

  ConnectionEnd(const Side& side, const ConnectionSpec& spec);

  // What goes out.
  Sent carry(const Run& run) override;
  void give_up() override { fail(Closed::kUnacknowledged); }
  Sent transmit(Segment segment, std::uint32_t packets = 1);
  Segment segment(Kind kind) const;
  void reset(std::uint32_t connection);

  // What comes in.
  void receive(const Segment& segment);
  void receive_stray(const Segment& segment);
  void receive_syn(const Segment& segment);
  void receive_syn_ack(const Segment& segment);
  void receive_data(const Segment& segment);
  void hear(const Segment& segment);
  void take(const Early& run);
  void keep(const Early& run);
  void deliver(const Early& run);
  void keep_for_later(const Action& action);
  void deliver_kept();
  void deliver_early();

  // Beginning and end.
  void send_syn();
  void adopt(const Segment& segment);
  void greet();
  void show_certificate(std::uint32_t fault);
  void become_open();
  void end();
  void fail(Closed reason);

  bool has_connect_expired() const;
  void wake();
  void watch();

  static constexpr std::uint32_t kNoFault = 0xffff'ffff;

  Site& site_;
  ConnectionListener& listener_;
  ConnectionEnd* peer_{nullptr};
  const ConnectionSpec spec_;
  Duration silence_timeout_;
  TimerWheel wheel_;
  Role role_;
  bool listens_;
  bool has_power_{true};
  State state_{State::kClosed};
  std::uint32_t connection_{0};  ///< the number of this one, or of the last
  TcpSender sender_;
  std::optional<HeldBack> taken_datagram_;
  std::uint32_t unacknowledged_at_end_{0};

  // Receiving.
  std::uint32_t expected_{0};
  std::vector<Early> early_;  ///< in order; they may overlap
  std::optional<HeldBack> was_held_back_;
  Standstill* process_{nullptr};  ///< null: of one that never stands still
  struct Kept {
    Action action;
    HeldBack by;
  };
  std::deque<Kept> kept_;              ///< messages for it
  std::uint32_t recent_{0};            ///< when the segment left that was delivered last
  std::uint32_t acknowledged_{0};      ///< as the other end was told last
  const Segment* answering_{nullptr};  ///< what is being received, until a segment that answers it leaves
  bool is_duplicate_{false};           ///< that is

  // Connecting and liveness, which need one timer in turn.
  Alarm alarm_;
  std::uint32_t syns_{0};
  std::uint32_t round_trips_left_{0};
  VirtualTime connecting_since_{};
  VirtualTime heard_{};
};

/// Must outlive the run; so must the listeners.
class Connection {
 public:
  /// `name`: of its random streams; distinct among connections.
  Connection(Site& client, Site& server, std::string_view name, const ConnectionSpec& spec,
             ConnectionListener& at_client, ConnectionListener& at_server);

  ConnectionEnd& client() { return client_; }
  ConnectionEnd& server() { return server_; }

 private:
  ConnectionEnd client_;
  ConnectionEnd server_;
};

}  // namespace parallax::sim
