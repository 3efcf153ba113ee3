// The connections that nodes of one site keep to a database of another. Each statement takes one, sends its packets
// over it and gives it back with the answer; who finds none free waits in turn, and not for ever: a pool is a limit
// that runs dry when answers stay away. Nobody waits for an answer with a limit of his own (a JDBC driver has no
// socket time-out by default), so what a cut link holds back comes to an end with the cut, or when TCP gives up.
//
// Each statement costs a round trip, a write a second for its COMMIT, and another comes before where the connection
// has not been used for the validation interval. A connection that breaks fails the statement on it; what that has
// committed stays committed. Broken ones are opened again when they are next taken.
//
// Stages: database_read and database_write [two or three round trips, unbounded].
#pragma once

#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "models/domain/journal.h"
#include "models/propagation/access/spec.h"
#include "models/propagation/access/statement_call.h"
#include "sim/connection.h"
#include "sim/power.h"
#include "sim/process.h"
#include "sim/site.h"

namespace parallax::propagation {

class Database;

class ConnectionPool {
 public:
  /// `name` tells its random streams apart. Needs start(), and each side's power to be reported.
  ConnectionPool(sim::Site& site, const sim::Power& power, Database& database, const sim::Power& database_power,
                 const std::string& name, const ConnectionPoolSpec& spec);
  ~ConnectionPool();
  ConnectionPool(const ConnectionPool&) = delete;
  ConnectionPool& operator=(const ConnectionPool&) = delete;

  /// Whoever is asked is not the database itself, and is there as long as this holds; else the call fails as soon as it
  /// has come there. At the database's site. Before the run.
  void serve_while(std::function<bool()> is_served) { is_served_ = std::move(is_served); }

  /// Runs it as soon as a connection is free.
  void submit(std::unique_ptr<StatementCall> call);

  // At its own site.
  void lost();
  void restored();

  // At the database's site.
  void database_lost();
  void database_restored();

  std::size_t waiting() const { return waiting_.size(); }

  /// How many it has been given since the run began.
  std::uint64_t calls() const { return calls_; }

  /// Writes its books, if anybody ever found no connection free. Once, at the end of the run.
  void close(domain::PoolTarget target);

 private:
  class Slot;
  struct Waiting {
    std::uint64_t ticket;
    sim::VirtualTime since;
    std::unique_ptr<StatementCall> call;
  };

  void freed(Slot& slot);
  void give_up(std::uint64_t ticket);
  void note_wait(const Waiting& one);

  sim::Site& site_;
  const sim::Power& power_;
  ConnectionPoolSpec spec_;
  std::function<bool()> is_served_;  ///< empty: always
  std::vector<std::unique_ptr<Slot>> slots_;
  std::vector<Slot*> free_;  ///< the one used last at the end, as pools do
  std::deque<Waiting> waiting_;
  std::uint64_t tickets_{0};
  std::uint64_t calls_{0};
  std::uint64_t waited_{0};
  std::uint64_t given_up_{0};
  sim::Duration longest_wait_{};
};

}  // namespace parallax::propagation
