#include "sim/simulation.h"

#include <algorithm>
#include <cassert>
#include <numeric>
#include <utility>

namespace parallax::sim {

namespace {

// Nearer sites would make windows that are all overhead (design: merged into one logical process).
constexpr Duration kLeastLookahead = microseconds(1);

// Where nothing bounds a window (one logical process), it ends here so that readers get the journal in pieces.
constexpr Duration kLongestWindow = milliseconds(100);

void run_window(LogicalProcess& process, VirtualTime end) {
  while (!process.queue.empty() && process.queue.top().time < end) {
    const VirtualTime time = process.queue.top().time;
    assert(time >= process.now);
    Action action = process.queue.pop();
    process.now = time;
    ++process.events;
    action();
  }
}

}  // namespace

Simulation::Simulation(SimulationSpec spec)
    : seed_{spec.seed},
      network_{spec.sites.size(), spec.links, spec.outages, spec.end_sites},
      lookahead_{kLongestWindow} {
  merge_near_sites(spec);
  for (auto& process : processes_) process->touched.resize(spec.faults);
  for (std::size_t i = 0; i < spec.sites.size(); ++i) {
    sites_.push_back(std::make_unique<Site>(*this, static_cast<SiteId>(i), spec.sites[i], *process_of_[i]));
  }
}

void Simulation::merge_near_sites(const SimulationSpec& spec) {
  std::vector<std::size_t> group(spec.sites.size());
  std::iota(group.begin(), group.end(), std::size_t{0});
  const auto root = [&group](std::size_t site) {
    while (group[site] != site) site = group[site];
    return site;
  };
  for (const LinkSpec& link : spec.links) {
    if (link.delay.least() < kLeastLookahead) group[root(index(link.from))] = root(index(link.to));
  }
  std::vector<LogicalProcess*> by_root(spec.sites.size());
  for (std::size_t site = 0; site < spec.sites.size(); ++site) {
    LogicalProcess*& process = by_root[root(site)];
    if (process == nullptr) process = processes_.emplace_back(std::make_unique<LogicalProcess>()).get();
    process_of_.push_back(process);
  }
  for (const LinkSpec& link : spec.links) {
    if (root(index(link.from)) != root(index(link.to))) lookahead_ = std::min(lookahead_, link.delay.least());
  }
}

VirtualTime Simulation::earliest_event() {
  VirtualTime earliest = kNever;
  for (auto& process : processes_) {
    if (!process->queue.empty()) earliest = std::min(earliest, process->queue.top().time);
  }
  return earliest;
}

void Simulation::run(VirtualTime end) {
  exchange_messages();  // what was sent while setting up, or since the last run
  for (VirtualTime start = earliest_event(); start < end; start = earliest_event()) {
    const VirtualTime window_end = std::min(end, start + lookahead_);
    for (auto& process : processes_) run_window(*process, window_end);
    exchange_messages();
    flush_journal();
  }
  for (auto& process : processes_) process->now = end;
}

void Simulation::exchange_messages() {
  for (auto& process : processes_) {
    for (const auto& message : process->outbox) process_of(message.to).queue.push(message.key, message.action);
    process->outbox.clear();
  }
}

void Simulation::flush_journal() {
  merged_.clear();
  for (auto& process : processes_) {
    merged_.insert(merged_.end(), process->journal.begin(), process->journal.end());
    process->journal.clear();
  }
  if (merged_.empty()) return;
  if (!std::is_sorted(merged_.begin(), merged_.end(), journal_order)) {
    std::sort(merged_.begin(), merged_.end(), journal_order);
  }
  for (const Reader& reader : readers_) reader(merged_);
}

std::uint64_t Simulation::events() const {
  std::uint64_t sum = 0;
  for (const auto& process : processes_) sum += process->events;
  return sum;
}

std::vector<std::uint64_t> Simulation::touched() const {
  std::vector<std::uint64_t> sum(processes_.front()->touched.size());
  for (const auto& process : processes_) {
    for (std::size_t fault = 0; fault < sum.size(); ++fault) sum[fault] += process->touched[fault];
  }
  return sum;
}

}  // namespace parallax::sim
