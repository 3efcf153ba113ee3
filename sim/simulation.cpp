#include "sim/simulation.h"

#include <algorithm>
#include <cassert>
#include <memory>
#include <thread>
#include <utility>

#include "sim/journal_merge.h"

namespace parallax::sim {

namespace {

// Records that wait before they are merged and read: enough to pay for the change of work, few enough for the cache.
constexpr std::size_t kLongJournal = 4096;

// Below some 50 events for each of four logical processes two threads wait longer for each other than they work; at 100
// for each they are twice as fast as one (`make bench`, threads).
constexpr std::uint64_t kEventsWorthThreads = 200;

// Nominal size of a process: compilers lay out frames differently.
constexpr std::uint64_t kAccountedFrame = 256;

unsigned threads_of(const SimulationSpec& spec) {
  return spec.threads == 0 ? std::max(1U, std::thread::hardware_concurrency()) : spec.threads;
}

JournalReader::Where where_to_read(const SimulationSpec& spec) {
  return threads_of(spec) == 1 ? JournalReader::Where::kHere : JournalReader::Where::kOwnThread;
}

NetworkSpec network_of(const SimulationSpec& spec) {
  return {spec.sites.size(), spec.links,        spec.outages, spec.conditional_outages,
          spec.end_sites,    spec.disturbances, spec.refusals};
}

}  // namespace

Simulation::Simulation(SimulationSpec spec)
    : seed_{spec.seed},
      limits_{spec.limits},
      stop_{spec.stop},
      network_{network_of(spec)},
      partition_{divide(spec.sites.size(), spec.links, threads_of(spec))},
      crew_{partition_.threads},
      senders_(partition_.processes),
      reader_{where_to_read(spec)} {
  assert(!spec.sites.empty());
  for (std::size_t i = 0; i < partition_.processes; ++i) {
    LogicalProcess& process = *processes_.emplace_back(std::make_unique<LogicalProcess>(i));
    process.touched.resize(spec.faults);
    process.outbox.resize(partition_.processes);
  }
  for (std::size_t i = 0; i < spec.sites.size(); ++i) {
    const auto id = static_cast<SiteId>(i);
    sites_.push_back(std::make_unique<Site>(*this, id, spec.sites[i], process_of(id)));
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
    now_ = std::min(end, start + partition_.lookahead);
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
