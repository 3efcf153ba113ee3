// One run. Sites joined by less than a microsecond run together as one logical process; with one thread all sites do.
// Logical processes are executed in conservative windows: in a window each runs alone from the earliest pending event
// for one lookahead, the least delay of any link between two sites that are not near, so nothing that another sends
// can arrive in it. At the window's end messages change hands, limits are tested, and
// journals are merged in journal order. Neither the windows nor the number of threads shows in the result: an event's
// key and a record's number depend on its own site's past alone.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <limits>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "sim/crew.h"
#include "sim/journal_reader.h"
#include "sim/logical_process.h"
#include "sim/network.h"
#include "sim/partition.h"
#include "sim/record.h"
#include "sim/site.h"

namespace parallax::sim {

/// A run ends at the end of the first window in which it reaches one of these.
struct Limits {
  std::uint64_t events{std::numeric_limits<std::uint64_t>::max()};
  std::uint64_t bytes{std::numeric_limits<std::uint64_t>::max()};  ///< of what is pending, as the engine counts it
};

enum class Ending : std::uint8_t { kComplete, kEventLimit, kMemoryLimit, kStopped };

struct SimulationSpec {
  std::uint64_t seed{1};
  std::vector<std::string> sites;  ///< names, distinct; SiteId is the index
  std::vector<LinkSpec> links;
  std::vector<LinkOutage> outages;
  std::uint32_t faults{0};          ///< how many fault numbers outages and disturbances use
  std::vector<SiteId> end_sites{};  ///< through which no traffic between others passes
  std::vector<ConditionalOutage> conditional_outages{};
  std::vector<Disturbance> disturbances{};
  std::vector<Refusal> refusals{};
  unsigned threads{1};  ///< 0: one for each core; never more than there are sites to run side by side
  Limits limits{};
  const std::atomic<bool>* stop{nullptr};  ///< tested where limits are; must outlive the run
};

class Simulation {
 public:
  explicit Simulation(SimulationSpec spec);

  std::uint64_t seed() const { return seed_; }
  const Network& network() const { return network_; }
  Site& site(SiteId id) { return *sites_[index(id)]; }
  std::size_t site_count() const { return sites_.size(); }

  /// The least time in which anything can pass from one site to another that is not near; at most 100 ms.
  Duration lookahead() const { return partition_.lookahead; }

  /// Gets each stretch of the journal once, in journal order, never from two threads at a time; with several threads
  /// from one of its own, while the run goes on, and until run() returns. All records of an instant come in one
  /// stretch.
  void add_reader(JournalReader::Reader reader) { reader_.add(std::move(reader)); }

  /// Executes every event before `end`, unless a limit ends the run, and hands over the journal. All clocks then show
  /// now().
  Ending run(VirtualTime end);

  VirtualTime now() const { return now_; }

  /// Hands over what was recorded after run().
  void flush_journal();

  std::uint64_t events() const { return events_; }

  /// Per fault number: the messages that it kept from being sent, the connections that it refused, and what else
  /// Site::touched_by() has counted.
  std::vector<std::uint64_t> touched() const;

  // For Site only.
  LogicalProcess& process_of(SiteId id) { return *processes_[partition_.process_of[index(id)]]; }
  void pass(LogicalProcess& from, const LogicalProcess& to, const Message& message) {
    from.outbox.add(to.index(), message);
  }

 private:
  Ending run_windows(VirtualTime end);
  VirtualTime earliest_event();
  void execute_window(VirtualTime end);
  void execute(LogicalProcess& process, VirtualTime end);
  void collect_mail(LogicalProcess& process);
  void exchange_messages();
  void hand_over_long_journals();
  void pass_journal_on();
  std::uint64_t accounted_bytes() const;
  Ending test_limits(VirtualTime end);

  std::uint64_t seed_;
  Limits limits_;
  const std::atomic<bool>* stop_;
  Network network_;
  Partition partition_;
  VirtualTime now_;
  Crew crew_;
  std::vector<std::unique_ptr<LogicalProcess>> processes_;
  std::vector<std::unique_ptr<Site>> sites_;
  std::vector<std::vector<LogicalProcess*>> senders_;  ///< by receiver: whose outboxes hold something for it
  std::uint64_t in_transit_{0};                        ///< messages in those outboxes
  VirtualTime earliest_in_transit_{kNever};
  std::uint64_t events_{0};
  std::uint64_t events_in_last_window_{0};
  JournalReader reader_;
  std::vector<std::span<const Record>> journals_;  ///< to be merged; kept for its memory, as is merged_
  std::vector<Record> merged_;
};

}  // namespace parallax::sim
