#include "scenarios/measure.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "scenarios/kaplan_meier.h"

namespace parallax::scenarios {

using audit::DecisionError;
using audit::Ending;
using audit::Findings;
using audit::WindowFinding;

namespace {

using Metrics = std::map<std::string, Measured>;

double in_seconds(std::int64_t ns) { return static_cast<double>(ns) / 1e9; }

struct ChangeWindows {
  std::vector<Lifetime> complete;
  std::uint64_t censored{0};
  std::uint64_t moot{0};
  std::uint64_t flapping{0};
};

// Some observer has gone by the change, and then by the old version again.
bool is_flapping(std::span<const WindowFinding> windows_of_change) {
  return std::any_of(windows_of_change.begin(), windows_of_change.end(),
                     [](const WindowFinding& window) { return window.first_visible < window.length; });
}

void measure_windows(const Findings& findings, Metrics& metrics) {
  std::map<domain::ChangeKind, ChangeWindows> kinds;
  for (const auto& windows : by_change(findings.windows)) {
    const WindowFinding& complete = complete_window(windows);
    ChangeWindows& kind = kinds[complete.change];
    kind.complete.push_back({complete.length.ns, complete.ending == Ending::kCensored});
    kind.censored += complete.ending == Ending::kCensored;
    kind.moot += complete.ending == Ending::kMoot;
    kind.flapping += is_flapping(windows);
  }
  for (auto& [change, windows] : kinds) {
    const std::string prefix = "window." + std::string{domain::name_of(change)} + ".";
    const std::uint64_t count = windows.complete.size();
    const KaplanMeier lengths{std::move(windows.complete)};
    const auto put = [&](const std::string& statistic, double q) {
      const Lifetime found = lengths.quantile(q);
      metrics[prefix + statistic] = {in_seconds(found.ns), count, found.open};
    };
    put("p50", 0.50);
    put("p95", 0.95);
    put("p99", 0.99);
    put("max", 1);
    metrics[prefix + "censored"] = {static_cast<double>(windows.censored), count};
    metrics[prefix + "moot"] = {static_cast<double>(windows.moot), count};
    metrics[prefix + "flapping"] = {static_cast<double>(windows.flapping), count};
  }
}

void measure_decisions(const Findings& findings, Metrics& metrics) {
  if (findings.decisions == 0) return;
  for (const DecisionError error : audit::kDecisionErrors) {
    std::uint64_t sum = 0;
    for (const auto& [key, count] : findings.wrong) sum += std::get<DecisionError>(key) == error ? count : 0;
    const audit::ErrorFinding& found = findings.errors[static_cast<std::size_t>(error)];
    const std::string prefix = "decision." + std::string{audit::name_of(error)};
    metrics[prefix + ".count"] = {static_cast<double>(sum), findings.decisions};
    metrics[prefix + ".clients"] = {static_cast<double>(found.clients), sum};
    metrics[prefix + ".longest_s"] = {in_seconds(found.longest.ns), found.spells};
  }
  metrics["session.token_refused_elsewhere.count"] = {static_cast<double>(findings.issued_elsewhere_refused),
                                                      findings.decisions};
}

// Orders of writes are asked of databases that are to hold the same rows.
void measure_sessions(const Findings& findings, Metrics& metrics) {
  for (const audit::Guarantee guarantee : audit::kGuarantees) {
    const bool is_of_writes =
        guarantee == audit::Guarantee::kMonotonicWrites || guarantee == audit::Guarantee::kWritesFollowReads;
    if (is_of_writes ? !findings.sessions.has_replicas : findings.decisions == 0) continue;
    const audit::GuaranteeFinding& found = findings.sessions.of(guarantee);
    metrics["session." + std::string{audit::name_of(guarantee)} + ".count"] = {static_cast<double>(found.broken),
                                                                               found.looked_at};
  }
}

void measure_calls(const Findings& findings, Metrics& metrics) {
  if (!findings.asks_elsewhere || findings.decisions_elsewhere == 0) return;
  const double calls = static_cast<double>(findings.calls_elsewhere);
  metrics["wan.calls_per_request"] = {calls / static_cast<double>(findings.decisions_elsewhere),
                                      findings.decisions_elsewhere};
}

// Over all requests, and none is a figure too: so that deployments that ask elsewhere stand beside those that do not.
void measure_costs(const Findings& findings, std::uint64_t statements, Metrics& metrics) {
  if (findings.decisions == 0) return;
  const auto per_request = [&](std::uint64_t calls) {
    return Measured{static_cast<double>(calls) / static_cast<double>(findings.decisions), findings.decisions};
  };
  metrics["cost.wan_calls_per_request"] = per_request(findings.calls_elsewhere);
  metrics["cost.database_calls_per_request"] = per_request(statements);
}

void measure_limits(const Findings& findings, Metrics& metrics) {
  const audit::LimitTotals& limits = findings.limits;
  if (limits.windows == 0) return;
  const double share = static_cast<double>(limits.windows_over) / static_cast<double>(limits.windows);
  metrics["throttle.over_admission.count"] = {static_cast<double>(limits.over), limits.windows};
  metrics["throttle.over_admission.ratio_max"] = {limits.ratio_max, limits.windows};
  metrics["throttle.over_admission.windows_share"] = {share, limits.windows};
  metrics["throttle.over_admission.sliding_ratio_max"] = {limits.sliding_ratio_max, limits.windows};
  if (findings.counts_elsewhere) {
    metrics["throttle.uncounted.count"] = {static_cast<double>(findings.uncounted), findings.decisions};
  }
  metrics["throttle.flips.count"] = {static_cast<double>(limits.flips), limits.windows};
}

void measure_not_found(const Findings& findings, Metrics& metrics) {
  const audit::NotFoundFinding& found = findings.not_found;
  const std::uint64_t calls = found.shown + found.hidden;
  if (calls == 0) return;
  const auto sessions = static_cast<double>(found.sessions);
  metrics["not_found.flips.count"] = {static_cast<double>(found.flips), found.sessions};
  metrics["not_found.flipped_sessions.share"] = {static_cast<double>(found.flipped_sessions) / sessions,
                                                 found.sessions};
  metrics["not_found.hidden.share"] = {static_cast<double>(found.hidden) / static_cast<double>(calls), calls};
}

void measure_clients(const Findings& findings, Metrics& metrics) {
  const std::uint64_t answered = findings.ledger.answered_in_journal;
  const std::uint64_t finished = answered + findings.ledger.timed_out_in_journal;
  if (finished == 0) return;
  const std::array<std::string, audit::kPopulationKinds> kinds{"api", "token", "portal", "publisher"};
  for (std::size_t i = 0; i < kinds.size(); ++i) {
    const auto& kind = findings.availability_of_kind[i];
    if (kind.finished == 0) continue;
    const std::string prefix = "availability." + kinds[i];
    metrics[prefix + ".unavailable_s"] = {static_cast<double>(kind.unavailable_seconds), kind.finished};
    metrics[prefix + ".failed_requests"] = {static_cast<double>(kind.failed), kind.finished};
    const auto good = static_cast<double>(kind.finished - kind.failed);
    metrics[prefix + ".ratio"] = {good / static_cast<double>(kind.finished), kind.finished};
  }
  if (answered == 0) return;
  metrics["latency.p50"] = {in_seconds(findings.latency_p50.ns), answered};
  metrics["latency.p99"] = {in_seconds(findings.latency_p99.ns), answered};
}

void measure_steering(const Findings& findings, Metrics& metrics) {
  const audit::SteeringFinding& found = findings.steering;
  const auto share = [](std::uint64_t part, std::uint64_t all) {
    return static_cast<double>(part) / static_cast<double>(all);
  };
  if (found.calls > 0) metrics["steering.elsewhere.share"] = {share(found.elsewhere, found.calls), found.calls};
  if (found.users > 0) metrics["steering.users_moved.share"] = {share(found.moved, found.users), found.users};
  if (findings.ledger.sent == 0) return;
  metrics["steering.unresolved.count"] = {static_cast<double>(found.unresolved), findings.ledger.sent};
  if (found.has_affinity) {
    metrics["steering.affinity_lost.count"] = {static_cast<double>(found.affinity_lost), findings.ledger.sent};
  }
  metrics["tokens.missing.count"] = {static_cast<double>(found.tokenless), findings.ledger.sent};
  if (found.has_jurisdictions) {
    metrics["residency.requests_served_abroad.count"] = {static_cast<double>(found.abroad), found.calls};
  }
}

void measure_tokens(const Findings& findings, Metrics& metrics) {
  const std::vector<std::int64_t>& in_force = findings.tokens_in_force;
  if (in_force.empty() || in_force.front() == 0) return;
  const std::int64_t least = *std::min_element(in_force.begin(), in_force.end());
  metrics["tokens.in_force.least_ratio"] = {static_cast<double>(least) / static_cast<double>(in_force.front()),
                                            static_cast<std::uint64_t>(in_force.front())};
}

// How far behind a loss the first write lies that did not survive it.
void measure_recovery_point(const Findings& findings, Metrics& metrics) {
  std::int64_t point = 0;
  std::uint64_t losses = 0;
  for (const audit::SiteMoment& moment : findings.moments) {
    if (moment.what.change != domain::SiteChange::kLost) continue;
    ++losses;
    for (const audit::LostWrite& write : findings.lost_writes) {
      if (write.acknowledged <= moment.time) point = std::max(point, (moment.time - write.acknowledged).ns);
    }
  }
  if (losses > 0) metrics["recovery.point_s"] = {in_seconds(point), losses};
}

void measure_recovery(const Findings& findings, Metrics& metrics) {
  measure_recovery_point(findings, metrics);
  if (!findings.outages.empty()) {
    metrics["recovery.time_s"] = {in_seconds(findings.recovery.ns), findings.outages.size(), findings.is_recovery_open};
  }
  if (findings.windows.empty()) return;
  metrics["recovery.lost_writes"] = {static_cast<double>(findings.lost_writes.size()), findings.windows.size()};
  metrics["recovery.late_writes"] = {static_cast<double>(findings.late_writes), findings.windows.size()};
}

void measure_starts(const Findings& findings, Metrics& metrics) {
  if (findings.starts.empty()) return;
  sim::Duration time{};
  sim::Duration incomplete{};
  for (const audit::StartFinding& start : findings.starts) {
    time = std::max(time, start.ready - start.powered);
    incomplete = std::max(incomplete, start.complete - start.ready);
  }
  metrics["startup.time_s"] = {in_seconds(time.ns), findings.starts.size()};
  metrics["startup.incomplete_s"] = {in_seconds(incomplete.ns), findings.starts.size()};
}

void measure_replication(const Findings& findings, Metrics& metrics) {
  const audit::ReplicationFinding& found = findings.replication;
  if (!found.is_replicated) return;
  // A conflict that stops a stream is met again at each retry; it counts once.
  std::uint64_t conflicts = found.stops.size();
  for (const auto& [key, count] : found.conflicts) {
    if (std::get<domain::ConflictOutcome>(key) != domain::ConflictOutcome::kStopped) conflicts += count;
  }
  metrics["replication.conflicts"] = {static_cast<double>(conflicts), conflicts};
  metrics["replication.stops"] = {static_cast<double>(found.stops.size()), found.stops.size()};
  metrics["replication.stopped_s"] = {in_seconds(found.stopped.ns), found.stops.size()};
  metrics["replication.divergent_rows_end"] = {static_cast<double>(found.divergent_rows_end), found.divergent_rows_max};
  metrics["replication.divergent_rows_max"] = {static_cast<double>(found.divergent_rows_max), found.divergent_rows_max};
  if (found.has_jurisdictions) {
    metrics["residency.rows_exported.count"] = {static_cast<double>(found.exported_rows), found.exported_rows};
  }
  metrics["replication.refused_writes"] = {static_cast<double>(found.refused_writes), found.refused_writes};
}

void measure_statistics(const Findings& findings, Metrics& metrics) {
  const audit::StatisticsFinding& found = findings.statistics;
  if (!found.are_kept) return;
  metrics["statistics.uncounted_end.count"] = {static_cast<double>(found.uncounted_end), findings.decisions};
  metrics["statistics.double_counted_end.count"] = {static_cast<double>(found.double_counted_end), findings.decisions};
  if (found.questions == 0) return;
  metrics["statistics.unanswered.count"] = {static_cast<double>(found.unanswered), found.questions};
  const std::uint64_t answered = found.questions - found.unanswered;
  if (answered == 0) return;
  metrics["statistics.total_error.ratio_max"] = {found.error_ratio_max, answered};
  metrics["statistics.total_error.count_max"] = {static_cast<double>(found.error_max), answered};
  metrics["statistics.sites_disagree.ratio_max"] = {found.disagreement_ratio_max, answered};
}

void measure_events(const Findings& findings, Metrics& metrics) {
  if (!findings.has_brokers) return;
  for (const domain::Topic topic : domain::kTopics) {
    const std::uint64_t lost = findings.events_lost[static_cast<std::size_t>(topic)];
    metrics["events.lost." + std::string{name_of(topic)} + ".count"] = {static_cast<double>(lost), lost};
  }
}

void measure_caches(const Findings& findings, Metrics& metrics) {
  const audit::CacheFinding& found = findings.caches;
  if (!found.are_shared) return;
  const std::uint64_t look_ups = found.hits + found.asked;
  metrics["cache.messages.count"] = {static_cast<double>(found.told), look_ups};
  metrics["cache.key_validations.count"] = {static_cast<double>(found.asked), look_ups};
  metrics["cache.stale_recaches.count"] = {static_cast<double>(found.stale_recaches), found.asked};
  if (look_ups == 0) return;
  metrics["cache.hits.ratio"] = {static_cast<double>(found.hits) / static_cast<double>(look_ups), look_ups};
  metrics["cache.longest_wait"] = {in_seconds(found.longest_wait.ns), look_ups};
}

void measure_workers(const Findings& findings, Metrics& metrics) {
  if (findings.capacity.workers.empty()) return;
  std::uint64_t arrived = 0;
  std::uint64_t waited = 0;
  std::uint64_t refused = 0;
  std::uint32_t busiest = 0;
  sim::Duration longest_wait{};
  for (const audit::WorkersFinding& workers : findings.capacity.workers) {
    arrived += workers.arrived;
    waited += workers.waited;
    refused += workers.refused + workers.given_up;
    longest_wait = std::max(longest_wait, workers.longest_wait);
    if (!workers.busy.empty()) busiest = std::max(busiest, *std::max_element(workers.busy.begin(), workers.busy.end()));
  }
  metrics["capacity.refused.count"] = {static_cast<double>(refused), arrived};
  metrics["capacity.longest_wait_s"] = {in_seconds(longest_wait.ns), arrived};
  metrics["capacity.utilisation.max"] = {in_seconds(busiest), arrived};
  if (arrived == 0) return;
  metrics["capacity.waited.share"] = {static_cast<double>(waited) / static_cast<double>(arrived), arrived};
}

// Pools that never ran dry have no books of their own; their calls are among all calls to other sites.
void measure_pools(const Findings& findings, Metrics& metrics) {
  const std::uint64_t calls = findings.calls_elsewhere;
  if (!findings.asks_elsewhere || calls == 0) return;
  std::uint64_t waited = 0;
  std::uint64_t given_up = 0;
  sim::Duration longest_wait{};
  for (const audit::PoolFinding& pool : findings.capacity.pools) {
    waited += pool.waited;
    given_up += pool.given_up;
    longest_wait = std::max(longest_wait, pool.longest_wait);
  }
  metrics["pool.waited.share"] = {static_cast<double>(waited) / static_cast<double>(calls), calls};
  metrics["pool.given_up.count"] = {static_cast<double>(given_up), calls};
  metrics["pool.longest_wait_s"] = {in_seconds(longest_wait.ns), calls};
}

void measure_load(const Findings& findings, Metrics& metrics) {
  const auto put = [&](const std::string& name, const std::optional<audit::PeakFinding>& found) {
    if (found) metrics[name] = {static_cast<double>(found->peak) / found->mean_before, found->asked};
  };
  put("load.key_manager.peak_ratio", findings.capacity.key_manager_peak);
  put("load.database.peak_ratio", findings.capacity.database_peak);
}

}  // namespace

std::map<std::string, Measured> measure(const Findings& findings, std::uint64_t statements) {
  Metrics metrics;
  measure_steering(findings, metrics);
  measure_tokens(findings, metrics);
  measure_recovery(findings, metrics);
  measure_starts(findings, metrics);
  measure_windows(findings, metrics);
  measure_decisions(findings, metrics);
  measure_sessions(findings, metrics);
  measure_calls(findings, metrics);
  measure_costs(findings, statements, metrics);
  measure_limits(findings, metrics);
  measure_not_found(findings, metrics);
  measure_clients(findings, metrics);
  measure_replication(findings, metrics);
  measure_statistics(findings, metrics);
  measure_events(findings, metrics);
  measure_caches(findings, metrics);
  measure_workers(findings, metrics);
  measure_pools(findings, metrics);
  measure_load(findings, metrics);
  return metrics;
}

std::map<std::string, Measured> measure_population(const Findings& findings, std::size_t population) {
  if (population >= findings.latencies.size()) return {};
  const Findings::PopulationLatency& latency = findings.latencies[population];
  if (latency.answered == 0) return {};
  return {{"latency.p50", {in_seconds(latency.p50.ns), latency.answered}},
          {"latency.p99", {in_seconds(latency.p99.ns), latency.answered}}};
}

std::vector<std::span<const WindowFinding>> by_change(const std::vector<WindowFinding>& windows) {
  std::vector<std::span<const WindowFinding>> groups;
  for (std::size_t first = 0; first < windows.size();) {
    std::size_t last = first;
    while (last < windows.size() && windows[last].id == windows[first].id) ++last;
    groups.emplace_back(&windows[first], last - first);
    first = last;
  }
  return groups;
}

const WindowFinding& complete_window(std::span<const WindowFinding> windows_of_change) {
  return *std::max_element(windows_of_change.begin(), windows_of_change.end(),
                           [](const WindowFinding& a, const WindowFinding& b) {
                             const auto open = [](const WindowFinding& w) { return w.ending == Ending::kCensored; };
                             return a.length != b.length ? a.length < b.length : open(a) < open(b);
                           });
}

}  // namespace parallax::scenarios
