// The books of workers (workers.h): what has become of calls since the run began and, where a node is named, the same
// by the second, as records.
//
// A second is closed by whatever happens first after its end, so that books have no events of their own.
#pragma once

#include <cstdint>

#include "models/domain/ids.h"
#include "models/domain/journal.h"
#include "sim/site.h"
#include "sim/time.h"

namespace parallax::runtime {

/// Since the run began. arrived = served + refused + given_up + lost + those that are still there.
struct WorkersFigures {
  std::uint64_t arrived{0};
  std::uint64_t served{0};
  std::uint64_t waited{0};       ///< found no worker free, and room to wait
  std::uint64_t refused{0};      ///< found no room
  std::uint64_t given_up{0};     ///< had waited for too long
  std::uint64_t lost{0};         ///< with the power
  sim::Duration longest_wait{};  ///< of any call, whatever became of it
};

class WorkersBook {
 public:
  /// Of `workers` > 0.
  WorkersBook(const sim::Site& site, std::uint32_t workers) : site_{site}, workers_{workers} {}

  void arrived() { ++now().arrived; }
  void served() { ++now().served; }
  void waited() { ++now().waited; }
  void refused() { ++now().refused; }
  void given_up() { ++now().given_up; }
  void lost(std::uint64_t calls) { now().lost += static_cast<std::uint32_t>(calls); }

  /// From now on so many are at work, and so many calls wait.
  void level(std::uint32_t busy, std::uint64_t waiting);

  void wait_ended(sim::VirtualTime since) { totals_.longest_wait = longest_with(since); }
  sim::Duration longest_with(sim::VirtualTime since) const;

  /// Without the waits of those who still wait.
  WorkersFigures figures() const;

  /// Records are written, as those of this node's workers. Before the run.
  void write_to(sim::Site& journal, domain::NodeId node, domain::WorkersRole role);

  /// Writes the last records, if any are written. Once, at the end of the run.
  void close(sim::Duration longest_wait);

 private:
  domain::WorkersSecond& now() {
    if (site_.now() >= end_) turn();
    return second_;
  }
  void turn();
  void add_work(sim::VirtualTime until);
  void close_second();

  const sim::Site& site_;
  sim::Site* journal_{nullptr};
  std::uint32_t workers_;
  std::uint32_t busy_{0};
  std::uint32_t waiting_{0};
  domain::WorkersSecond second_{};  ///< so far
  sim::VirtualTime end_{sim::VirtualTime{} + sim::seconds(1)};
  sim::VirtualTime level_since_{};
  std::int64_t work_{0};   ///< nanoseconds of work in this second so far, of all workers
  WorkersFigures totals_;  ///< of the seconds before
};

}  // namespace parallax::runtime
