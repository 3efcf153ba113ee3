// One run: sites as logical processes, executed in conservative windows. In a window every logical process runs alone
// from the earliest pending event for one lookahead, the least delay of any link between two of them, so nothing that
// another sends can arrive in it. At the window's end messages change hands and the journals are merged in journal
// order, (time, site, number). The result depends on the window's length as little as on the number of threads.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "sim/network.h"
#include "sim/record.h"
#include "sim/site.h"

namespace parallax::sim {

struct SimulationSpec {
  std::uint64_t seed{1};
  std::vector<std::string> sites;  ///< names, distinct; SiteId is the index
  std::vector<LinkSpec> links;
  std::vector<LinkOutage> outages;
  std::uint32_t faults{0};          ///< how many fault numbers the outages use
  std::vector<SiteId> end_sites{};  ///< through which no traffic between others passes
};

class Simulation {
 public:
  explicit Simulation(SimulationSpec spec);

  std::uint64_t seed() const { return seed_; }
  const Network& network() const { return network_; }
  Site& site(SiteId id) { return *sites_[index(id)]; }
  std::size_t site_count() const { return sites_.size(); }

  /// Gets each stretch of the journal once, in journal order.
  using Reader = std::function<void(std::span<const Record>)>;
  void add_reader(Reader reader) { readers_.push_back(std::move(reader)); }

  /// Executes every event before `end` and sets all clocks to `end`.
  void run(VirtualTime end);

  /// Hands over what was recorded after run().
  void flush_journal();

  std::uint64_t events() const;

  /// Per fault number: the messages that it kept from being sent.
  std::vector<std::uint64_t> touched() const;

  /// For Site only.
  LogicalProcess& process_of(SiteId id) { return *process_of_[index(id)]; }

 private:
  void merge_near_sites(const SimulationSpec& spec);
  VirtualTime earliest_event();
  void exchange_messages();

  std::uint64_t seed_;
  Network network_;
  Duration lookahead_;
  std::vector<std::unique_ptr<LogicalProcess>> processes_;
  std::vector<LogicalProcess*> process_of_;  ///< by site
  std::vector<std::unique_ptr<Site>> sites_;
  std::vector<Reader> readers_;
  std::vector<Record> merged_;
};

}  // namespace parallax::sim
