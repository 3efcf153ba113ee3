#include "models/audit/capacity.h"

#include <algorithm>
#include <numeric>

namespace parallax::audit {

namespace {

void set_second(std::vector<std::uint32_t>& seconds, std::uint32_t second, std::uint32_t value) {
  if (value == 0) return;
  if (second >= seconds.size()) seconds.resize(second + 1);
  seconds[second] = value;
}

}  // namespace

WorkersFinding& Capacity::of(domain::NodeId node, domain::WorkersRole role) {
  WorkersFinding& found = workers_[{node, role}];
  found.node = node;
  found.role = role;
  return found;
}

void Capacity::worked(const domain::WorkersSecond& second) {
  WorkersFinding& found = of(second.node, second.role);
  found.arrived += second.arrived;
  found.served += second.served;
  found.waited += second.waited;
  found.refused += second.refused;
  found.given_up += second.given_up;
  found.lost += second.lost;
  found.queue = std::max<std::uint64_t>(found.queue, second.queue);
  set_second(found.busy, second.second, second.busy);
  set_second(found.queues, second.second, second.queue);
}

void Capacity::closed(const domain::WorkersClosed& books) {
  WorkersFinding& found = of(books.node, books.role);
  found.workers = books.workers;
  found.still_there = books.still_there;
  found.longest_wait = books.longest_wait;
}

void Capacity::asked(const domain::LoadSecond& second) {
  found_.loads.resize(setup_.sites);
  LoadFinding& load = found_.loads[domain::index(second.site)];
  set_second(load.key_managers, second.second, second.requests + second.validations);
  set_second(load.database, second.second, second.statements);
}

void Capacity::closed(const domain::PoolClosed& books) {
  found_.pools.push_back({books.site, books.target, books.calls, books.waited, books.given_up, books.longest_wait});
}

void Capacity::finish(Findings& findings) {
  for (auto& [place, found] : workers_) found_.workers.push_back(std::move(found));
  found_.key_manager_peak = peak_of(&LoadFinding::key_managers);
  found_.database_peak = peak_of(&LoadFinding::database);
  findings.capacity = std::move(found_);
}

// The fault's own second counts as after it, and is none of those before.
std::optional<PeakFinding> Capacity::peak_of(std::vector<std::uint32_t> LoadFinding::*load) const {
  if (!setup_.first_fault) return std::nullopt;
  std::vector<std::uint64_t> all;
  for (const LoadFinding& site : found_.loads) {
    const std::vector<std::uint32_t>& seconds = site.*load;
    if (seconds.size() > all.size()) all.resize(seconds.size());
    for (std::size_t i = 0; i < seconds.size(); ++i) all[i] += seconds[i];
  }
  const auto before = static_cast<std::size_t>(setup_.first_fault->ns / sim::seconds(1).ns);
  const auto fault = all.begin() + static_cast<std::ptrdiff_t>(std::min(before, all.size()));
  const std::uint64_t asked_before = std::accumulate(all.begin(), fault, std::uint64_t{0});
  if (asked_before == 0) return std::nullopt;
  PeakFinding found;
  found.mean_before = static_cast<double>(asked_before) / static_cast<double>(before);
  found.asked = std::accumulate(fault, all.end(), asked_before);
  const auto greatest = std::max_element(fault, all.end());
  found.second = static_cast<std::uint64_t>(greatest - all.begin());
  if (greatest != all.end()) found.peak = *greatest;
  return found;
}

}  // namespace parallax::audit
