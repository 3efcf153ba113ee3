#include "sim/simulation.h"

#include <algorithm>
#include <cassert>
#include <numeric>
#include <set>
#include <thread>
#include <utility>

#include "sim/journal_merge.h"

namespace parallax::sim {

namespace {

// Nearer sites would make windows that are all overhead (design: merged into one logical process).
constexpr Duration kLeastLookahead = microseconds(1);

// Where nothing bounds a window it ends here, so that limits are tested and readers served now and then.
constexpr Duration kLongestWindow = milliseconds(100);

// Records that wait before they are merged and read: enough to pay for the change of work, few enough for the cache.
constexpr std::size_t kLongJournal = 4096;

// Two threads lose below some 50 events for each of four logical processes (measured: tests/bench, federation).
constexpr std::uint64_t kEventsWorthThreads = 200;

// Nominal size of a process: compilers lay out frames differently.
constexpr std::uint64_t kAccountedFrame = 256;

/// Sites nearer to each other than the least lookahead, by the number of one of them. Nearness is passed on.
std::vector<std::size_t> near_groups(const SimulationSpec& spec) {
  std::vector<std::size_t> group(spec.sites.size());
  std::iota(group.begin(), group.end(), std::size_t{0});
  const auto root = [&group](std::size_t site) {
    while (group[site] != site) site = group[site];
    return site;
  };
  for (const LinkSpec& link : spec.links) {
    if (link.delay.least() < kLeastLookahead) group[root(index(link.from))] = root(index(link.to));
  }
  for (std::size_t site = 0; site < group.size(); ++site) group[site] = root(site);
  return group;
}

Duration least_delay_between(const std::vector<std::size_t>& groups, const std::vector<LinkSpec>& links) {
  Duration least = kLongestWindow;
  for (const LinkSpec& link : links) {
    if (groups[index(link.from)] != groups[index(link.to)]) least = std::min(least, link.delay.least());
  }
  return least;
}

unsigned threads_asked(const SimulationSpec& spec) {
  return spec.threads == 0 ? std::max(1U, std::thread::hardware_concurrency()) : spec.threads;
}

/// No more threads than there are logical processes to execute.
unsigned crew_size(const SimulationSpec& spec) {
  const std::vector<std::size_t> groups = near_groups(spec);
  const std::set<std::size_t> distinct(groups.begin(), groups.end());
  return std::min(threads_asked(spec), std::max(1U, static_cast<unsigned>(distinct.size())));
}

JournalReader::Where where_to_read(const SimulationSpec& spec) {
  return threads_asked(spec) == 1 ? JournalReader::Where::kHere : JournalReader::Where::kOwnThread;
}

NetworkSpec network_of(const SimulationSpec& spec) {
  return {spec.sites.size(), spec.links, spec.outages, spec.conditional_outages, spec.end_sites};
}

}  // namespace

Simulation::Simulation(SimulationSpec spec)
    : seed_{spec.seed},
      limits_{spec.limits},
      stop_{spec.stop},
      network_{network_of(spec)},
      crew_{crew_size(spec)},
      reader_{where_to_read(spec)} {
  assert(!spec.sites.empty());
  form_processes(spec);
  for (std::size_t i = 0; i < spec.sites.size(); ++i) {
    sites_.push_back(std::make_unique<Site>(*this, static_cast<SiteId>(i), spec.sites[i], *process_of_[i]));
  }
}

// One thread has nothing to gain from several processes: all sites share one, and their events and records come out
// in the same order.
void Simulation::form_processes(const SimulationSpec& spec) {
  const std::vector<std::size_t> groups = near_groups(spec);
  lookahead_ = least_delay_between(groups, spec.links);
  std::vector<LogicalProcess*> by_group(spec.sites.size());
  for (std::size_t site = 0; site < spec.sites.size(); ++site) {
    LogicalProcess*& process = by_group[crew_.threads() == 1 ? 0 : groups[site]];
    if (process == nullptr) {
      process = processes_.emplace_back(std::make_unique<LogicalProcess>(processes_.size())).get();
    }
    process_of_.push_back(process);
  }
  senders_.resize(processes_.size());
  for (auto& process : processes_) {
    process->touched.resize(spec.faults);
    process->outbox.resize(processes_.size());
  }
}

VirtualTime Simulation::earliest_event() {
  VirtualTime earliest = earliest_in_transit_;
  for (auto& process : processes_) earliest = std::min(earliest, process->next_time());
  return earliest;
}

// Readers may live less long than this simulation: none reads on while an exception passes.
Ending Simulation::run(VirtualTime end) {
  try {
    return run_windows(end);
  } catch (...) {
    reader_.settle();
    throw;
  }
}

Ending Simulation::run_windows(VirtualTime end) {
  Ending ending = Ending::kComplete;
  exchange_messages();  // what was sent while setting up, or since the last run
  for (VirtualTime start = earliest_event(); start < end; start = earliest_event()) {
    now_ = std::min(end, start + lookahead_);
    execute_window(now_);
    exchange_messages();
    hand_over_long_journals();
    ending = test_limits(end);
    if (ending != Ending::kComplete) break;
  }
  if (ending == Ending::kComplete) now_ = end;
  for (auto& process : processes_) {
    collect_mail(*process);  // so that both halves of every outbox are empty when the next run begins
    process->set_clock(now_);
  }
  flush_journal();
  return ending;
}

void Simulation::execute_window(VirtualTime end) {
  const std::uint64_t before = events_;
  if (crew_.threads() == 1 || processes_.size() == 1 || events_in_last_window_ < kEventsWorthThreads) {
    for (auto& process : processes_) execute(*process, end);
  } else {
    crew_.run(processes_.size(), [&](std::size_t i) { execute(*processes_[i], end); });
  }
  events_ = 0;
  for (auto& process : processes_) events_ += process->events();
  events_in_last_window_ = events_ - before;
}

void Simulation::execute(LogicalProcess& process, VirtualTime end) {
  collect_mail(process);
  process.run(end);
}

void Simulation::collect_mail(LogicalProcess& process) {
  for (LogicalProcess* sender : senders_[process.index()]) {
    std::vector<Message>& mail = sender->outbox.written_for(process.index());
    for (const Message& message : mail) process.accept(message, site(message.at));
    mail.clear();
  }
  senders_[process.index()].clear();
}

void Simulation::exchange_messages() {
  in_transit_ = 0;
  earliest_in_transit_ = kNever;
  for (auto& process : processes_) {
    earliest_in_transit_ = std::min(earliest_in_transit_, process->outbox.earliest());
    process->outbox.turn([&](std::size_t to, std::size_t messages) {
      senders_[to].push_back(process.get());
      in_transit_ += messages;
    });
  }
}

std::uint64_t Simulation::accounted_bytes() const {
  std::uint64_t bytes = in_transit_ * (sizeof(Event) + sizeof(ActionSlot));
  for (const auto& process : processes_) bytes += process->accounted_bytes();
  for (const auto& site : sites_) {
    bytes += site->processes.size() * kAccountedFrame + static_cast<std::uint64_t>(site->accounted());
  }
  return bytes;
}

// A limit that is reached with the last event has ended nothing.
Ending Simulation::test_limits(VirtualTime end) {
  if (stop_ != nullptr && stop_->load(std::memory_order_relaxed)) return Ending::kStopped;
  Ending ending = Ending::kComplete;
  if (events_ >= limits_.events) ending = Ending::kEventLimit;
  if (limits_.bytes != Limits{}.bytes && accounted_bytes() >= limits_.bytes) ending = Ending::kMemoryLimit;
  return ending != Ending::kComplete && earliest_event() >= end ? Ending::kComplete : ending;
}

void Simulation::hand_over_long_journals() {
  std::size_t records = 0;
  for (const auto& process : processes_) records += process->journal.size();
  if (records >= kLongJournal) pass_journal_on();
}

void Simulation::flush_journal() {
  pass_journal_on();
  reader_.wait();
}

void Simulation::pass_journal_on() {
  for (auto& process : processes_) sort_instants(process->journal);
  if (processes_.size() == 1) {
    if (!processes_.front()->journal.empty()) reader_.read(processes_.front()->journal);
    return;
  }
  journals_.clear();
  for (const auto& process : processes_) journals_.emplace_back(process->journal);
  merge_journals(journals_, merged_);
  for (auto& process : processes_) process->journal.clear();
  if (!merged_.empty()) reader_.read(merged_);
}

std::vector<std::uint64_t> Simulation::touched() const {
  std::vector<std::uint64_t> sum(processes_.front()->touched.size());
  for (const auto& process : processes_) {
    for (std::size_t fault = 0; fault < sum.size(); ++fault) sum[fault] += process->touched[fault];
  }
  return sum;
}

}  // namespace parallax::sim
