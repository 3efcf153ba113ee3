// Finds out whether a server can be used, by asking it over and over: it connects, and asks for a page or is content
// with the connection. After `fall` failures in a row the server is down, after `rise` good checks in a row it is up.
//
// With interval I, time-out T for a silent server, detection takes
//
//   counted from the start of a check:  refused (fall - 1) I + U(0, I);  silent that + T
//   counted from its end:               refused (fall - 1) I + U(0, I);  silent that + fall T
//
// plus a round trip, and the return (rise - 1) I + U(0, I); from its end, if the failing checks timed out,
// (rise - 1) I + U(0, I + T). With a T of more than a second a check that begins before the return can be good, too:
// TCP sends its SYN again after 1, 2, 3, ... s. HAProxy counts from the end (2.6,
// src/check.c, process_chk_conn: the task expires an interval after it has handled the result; measured 2026-11 on
// 2.6.12); Route 53, Kubernetes and nginx start one every interval.
//
// Stages: health detection [(fall - 1) I, fall I + fall T], return [(rise - 1) I - T, rise I + T].
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "models/steering/health/port.h"
#include "sim/connection.h"
#include "sim/site.h"

namespace parallax::steering::health {

enum class IntervalFrom : std::uint8_t { kStart, kEnd };

enum class Probe : std::uint8_t {
  kConnection,  ///< good once it is open
  kRequest,     ///< good with a good answer
};

struct CheckSpec {
  sim::Duration interval{sim::seconds(2)};
  IntervalFrom interval_from{IntervalFrom::kStart};
  sim::Duration interval_while_changing{};  ///< after a result that contradicts the state; 0: `interval`
  sim::Duration interval_while_down{};      ///< 0: `interval`
  std::uint32_t fall{3};
  std::uint32_t rise{2};
  Probe probe{Probe::kRequest};
  sim::Duration connect_timeout{sim::seconds(1)};
  sim::Duration answer_timeout{sim::seconds(1)};  ///< from when it is connected
  sim::ConnectionSpec connection{};               ///< its connect_timeout is not used
};

enum class Verdict : std::uint8_t { kDown, kUp };

/// A fault of the checker itself: each check comes to this, whatever it finds.
struct Mistake {
  std::uint32_t fault;
  Status says;
};

class CheckListener {
 public:
  /// The verdict is other than it was. `checked`: the checker's number.
  virtual void judged(std::uint32_t checked, Verdict verdict) = 0;

 protected:
  ~CheckListener() = default;
};

class Checker final : private sim::ConnectionListener {
 public:
  /// `name`: of its random streams, distinct among checkers. Its first verdict is up, and is not told.
  Checker(sim::Site& site, Port& server, const std::string& name, const CheckSpec& spec, std::uint32_t number,
          CheckListener& listener);
  Checker(const Checker&) = delete;
  Checker& operator=(const Checker&) = delete;

  /// The first check is at a phase of its own. Once, at its site.
  void start();

  Verdict verdict() const { return verdict_; }

  sim::Site& site() const { return site_; }
  const Port& server() const { return server_; }

  // Of several mistakes the one that came first is made. A check that would have come to the same is not touched.
  void begin_mistake(const Mistake& mistake) { mistakes_.push_back(mistake); }
  void end_mistake(std::uint32_t fault) {
    std::erase_if(mistakes_, [fault](const Mistake& one) { return one.fault == fault; });
  }

  // What happens to the checker's own host; it comes back with its last verdict, and counts anew.
  void lost();
  void restored();

 private:
  struct AtServer final : sim::ConnectionListener {
    void opened() override {}
    void closed(sim::Closed) override {}
  };

  void check();
  void opened() override;
  void closed(sim::Closed reason) override;
  void serve(std::uint32_t check);
  void conclude(Status status);
  Status mistaken(Status found);
  void count(Status status);
  sim::Duration interval() const;
  void check_at(sim::VirtualTime when);

  sim::Site& site_;
  Port& server_;
  CheckSpec spec_;
  std::uint32_t number_;
  CheckListener& listener_;
  sim::Duration phase_;
  AtServer at_server_;
  sim::Connection connection_;
  Verdict verdict_{Verdict::kUp};
  std::uint32_t contradictions_{0};  ///< results in a row that the verdict denies
  std::uint32_t check_{0};           ///< the number of the one under way; counted up when it is over
  bool is_checking_{false};
  sim::VirtualTime begun_{};
  std::vector<Mistake> mistakes_;
};

}  // namespace parallax::steering::health
