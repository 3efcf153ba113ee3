// When others can read what was committed asynchronously: PostgreSQL's WAL writer. A walsender ships flushed WAL only,
// and an apply worker commits without waiting for the flush, so each hop after the first waits for this process.
//
// xlog.c of 15.18 (XLogSetAsyncXactLSN, XLogBackgroundFlush) and walwriter.c: it wakes every wal_writer_delay, or when
// a commit finds a whole page unflushed. It then flushes up to the last whole page, or where that is done already all
// of it, but only if wal_writer_delay has gone by since it last did, or if 1 MB waits. A commit that wakes it in vain
// puts off its next round, so a transaction may wait nearly four times wal_writer_delay (the documentation says three).
// After 50 rounds with nothing to do it sleeps until the next commit wakes it, and then flushes at once. A synchronous
// commit of the same server flushes everything before it.
#pragma once

#include <boost/circular_buffer.hpp>
#include <cstdint>
#include <functional>

#include "sim/site.h"

namespace parallax::propagation::replication {

class WalWriter {
 public:
  static constexpr sim::Duration kDelay = sim::milliseconds(200);  ///< wal_writer_delay
  static constexpr std::uint64_t kPage = 8'192;                    ///< XLOG_BLCKSZ
  static constexpr std::uint64_t kFlushAfter = 128;                ///< pages; wal_writer_flush_after
  static constexpr int kRoundsUntilHibernation = 50;               ///< walwriter.c, LOOPS_UNTIL_HIBERNATE

  /// `flushed(place)`: everything below this place of the log is on disk from now on. `phase`: of its rounds.
  WalWriter(sim::Site& site, sim::Duration phase, std::function<void(std::uint64_t place)> flushed);

  /// A transaction that ends at `place` of the log was committed, and is on disk.
  void committed_synchronously(std::uint64_t place, std::uint64_t bytes);

  /// Likewise, but it is not on disk yet.
  void committed_asynchronously(std::uint64_t place, std::uint64_t bytes);

  /// The server starts again: what was committed but not flushed is gone from here.
  void restart();

 private:
  struct Unflushed {
    std::uint64_t end;  ///< byte of the WAL behind it
    std::uint64_t place;
  };

  void insert(std::uint64_t bytes);
  bool is_hibernating() const;
  sim::VirtualTime next_round() const;
  void schedule(sim::VirtualTime wake);
  void round();
  void flush(std::uint64_t below);

  sim::Site& site_;
  std::function<void(std::uint64_t)> flushed_;
  std::uint64_t inserted_{0};
  std::uint64_t write_request_{0};  ///< end of the last transaction that completed a page
  std::uint64_t flushed_bytes_{0};
  boost::circular_buffer<Unflushed> unflushed_{16};
  sim::VirtualTime last_round_;
  sim::VirtualTime last_useful_;
  sim::VirtualTime last_flush_;
  sim::Timer timer_{};
  sim::VirtualTime wake_;
  bool is_scheduled_{false};
};

}  // namespace parallax::propagation::replication
