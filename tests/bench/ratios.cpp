// The project's own bars for speed, as ratios in one interleaved run on one machine, and the rates behind them.
// Each measurement runs in a process of its own. Arguments choose parts: phold, threads, decisions, requests, audit,
// crowd, replication, reports.
#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "busy_gateway.h"
#include "federation.h"
#include "in_child.h"
#include "phold.h"
#include "replication.h"
#include "report_pages.h"
#include "table.h"
#include "whole_requests.h"

namespace parallax::bench {
namespace {

using Side = Bar::Side;

struct Engine {
  const char* name;
  PholdOutcome (*run)(const PholdSize&);
  std::vector<double> rates{};  ///< events/s
  double peak_mib{0};
  std::uint64_t checksum{0};

  double median() const { return spread_of(rates).median; }
};

std::vector<Engine> engines() {
  return {
      {"handlers", phold_callbacks},
      {"processes", phold_processes},
      {"std::priority_queue", phold_priority_queue},
#ifdef PARALLAX_PEERS
      {"ns-3 PriorityQueueScheduler", phold_ns3},
#endif
  };
}

/// All engines in turn, several times over.
std::vector<Engine> measure_phold(const PholdSize& size) {
  constexpr int kRounds = 5;
  std::vector<Engine> measured = engines();
  for (int round = 0; round < kRounds; ++round) {
    for (Engine& engine : measured) {
      const auto result = in_child([&] { return engine.run(size); });
      engine.rates.push_back(static_cast<double>(result.outcome.events) / result.outcome.seconds);
      engine.peak_mib = std::max(engine.peak_mib, result.peak_mib);
      engine.checksum = result.outcome.checksum;
    }
  }
  fmt::print("\nPHOLD {}, {} pending, median of {}\n", size.name, size.processes * kPholdEventsPerProcess, kRounds);
  for (const Engine& engine : measured) {
    const Spread spread = spread_of(engine.rates);
    fmt::print("  {:<28} {:>6.2f} M events/s ({:.2f} to {:.2f})  peak {:>4.0f} MiB  sum {:016x}\n", engine.name,
               spread.median / 1e6, spread.least / 1e6, spread.greatest / 1e6, engine.peak_mib, engine.checksum);
    if (engine.checksum != measured.front().checksum) {
      fmt::print("the engines did not do the same work\n");
      std::exit(1);
    }
  }
  return measured;
}

void phold() {
  const auto small = measure_phold(kPholdSmall);
  const auto large = measure_phold(kPholdLarge);
  const auto ratio = [](const std::vector<Engine>& of, std::size_t a, std::size_t b) {
    return of[a].median() / of[b].median();
  };
  std::vector<Bar> bars{
      {"handlers / std::priority_queue, small", ratio(small, 0, 2), Side::kAtLeast, 1.7, 2.2},
      {"handlers / std::priority_queue, large", ratio(large, 0, 2), Side::kAtLeast, 3.4, 4.5},
      {"handlers, large / small", large[0].median() / small[0].median(), Side::kAtLeast, 0.45, 0.57},
      {"handlers, large: peak MiB", large[0].peak_mib, Side::kAtMost, 60, 32},
      {"processes, large: peak MiB", large[1].peak_mib, Side::kAtMost, 200, 144},
  };
  if (small.size() > 3) {
    bars.push_back({"handlers / ns-3, small", ratio(small, 0, 3), Side::kAtLeast, 2.7, 3.5});
    bars.push_back({"handlers / ns-3, large", ratio(large, 0, 3), Side::kAtLeast, 4.7, 6});
    bars.push_back({"processes / ns-3, small", ratio(small, 1, 3), Side::kAtLeast, 2.2, 2.8});
    bars.push_back({"processes / ns-3, large", ratio(large, 1, 3), Side::kAtLeast, 2.4, 3.5});
  } else {
    fmt::print("\n(make bench PEERS=1 measures ns-3 too)\n");
  }
  print_bars("PHOLD", bars);
}

void threads() {
  constexpr int kPairs = 7;
  fmt::print("\n4 sites, some 300 ns of work in each event, {} interleaved pairs\n", kPairs);
  std::vector<Bar> bars;
  for (const std::uint32_t events : {10U, 100U, 1'000U, 10'000U}) {
    const FederationSize size{4, events, 200'000 / events};
    std::vector<double> ratios;
    for (int pair = 0; pair < kPairs; ++pair) {
      const auto one = in_child([&] { return federation(size, 1); }).outcome;
      const auto two = in_child([&] { return federation(size, 2); }).outcome;
      if (one.checksum != two.checksum) {
        fmt::print("two threads did not do what one does\n");
        std::exit(1);
      }
      ratios.push_back(one.seconds / two.seconds);
    }
    const Spread spread = spread_of(ratios);
    fmt::print("  {:>6} events a site and window: 2 threads / 1 {:.2f} ({:.2f} to {:.2f})\n", events, spread.median,
               spread.least, spread.greatest);
    if (events < 1'000) continue;  // too few to share out; the bar is for busy windows
    bars.push_back(
        {fmt::format("2 threads / 1, {} events a window, median", events), spread.median, Side::kAtLeast, 1.5, 1.8});
  }
  print_bars("Threads", bars);
}

void decisions() {
  fmt::print("\nCached-token decisions: path, verb and opaque token as text; every limit; published\n");
  const auto measure = [](const char* what, int rounds, const GatewaySize& size) {
    std::vector<double> costs;
    double peak = 0;
    for (int round = 0; round < rounds; ++round) {
      const auto result = in_child([&] { return cached_decision_ns(size, 2'000'000); });
      costs.push_back(result.outcome);
      peak = std::max(peak, result.peak_mib);
    }
    const Spread spread = spread_of(costs);
    fmt::print("  {:<48} {:>5.0f} ns ({:.0f} to {:.0f})  peak {:.0f} MiB\n", what, spread.median, spread.least,
               spread.greatest, peak);
    return spread.median;
  };
  const double small = measure("200 APIs, 500 applications, 20,000 tokens", 7, {200, 500, 20, 20'000});
  const double large = measure("2,000 APIs, 10^6 subscriptions, 10^7 tokens", 5, {2'000, 5'000, 200, 10'000'000});
  print_bars("Decisions", {{"cached, 200 APIs: ns", small, Side::kAtMost, 400, 250},
                           {"cached, 10^7 tokens: ns", large, Side::kAtMost, 1'200, 800}});
}

double cost_ns(const WorldOutcome& outcome) { return outcome.seconds / static_cast<double>(outcome.requests) * 1e9; }

template <typename Run>
double median_cost(const char* what, int rounds, const Run& run) {
  std::vector<double> costs;
  WorldOutcome last;
  double peak = 0;
  for (int round = 0; round < rounds; ++round) {
    const auto result = in_child(run);
    costs.push_back(cost_ns(result.outcome));
    last = result.outcome;
    peak = std::max(peak, result.peak_mib);
  }
  const Spread spread = spread_of(costs);
  fmt::print("  {:<28} {:>9} requests  {:>5.0f} ns each ({:.0f} to {:.0f})  {:.2f} events each  peak {:.0f} MiB\n",
             what, last.requests, spread.median, spread.least, spread.greatest,
             static_cast<double>(last.events) / static_cast<double>(last.requests), peak);
  return spread.median;
}

/// A run with its audit against one without, in turn; the median of pairs.
void audit() {
  constexpr int kPairs = 9;
  const std::string name = "active_active";
  std::vector<double> ratios;
  for (int pair = 0; pair < kPairs; ++pair) {
    const auto with = in_child([&] { return library_run(name); }).outcome;
    const auto without = in_child([&] { return library_run_unaudited(name); }).outcome;
    if (with.events != without.events || with.requests != without.requests) {
      fmt::print("with an audit the run was another\n");
      std::exit(1);
    }
    ratios.push_back(with.seconds / without.seconds);
  }
  const Spread spread = spread_of(ratios);
  fmt::print("\n{}, with audit / without: {:.2f} ({:.2f} to {:.2f} in {} pairs)\n", name, spread.median, spread.least,
             spread.greatest, kPairs);
  print_bars("Audit", {{"active_active with audit / without", spread.median, Side::kAtMost, 1.5, 1.2}});
}

void requests() {
  fmt::print("\nWhole requests, one thread, audit on, set-up aside\n");
  const double whole = median_cost("active_active", 5, [] { return library_run("active_active"); });
  std::vector<double> bare_costs;
  for (int round = 0; round < 5; ++round) {
    const auto bare = in_child([] { return library_run_bare("active_active"); }).outcome;
    bare_costs.push_back(bare.bare_seconds / static_cast<double>(bare.decisions) * 1e9);
  }
  const double bare = spread_of(bare_costs).median;
  fmt::print("  {:<28} {:>24.0f} ns each\n", "its decisions, bare loop", bare);
  const auto mesh = [](const char* what, int rounds, const MeshSize& size) {
    return median_cost(what, rounds, [&] { return mesh_run(size); });
  };
  const double two = mesh("2 data centers", 5, {2, 300, 125});
  mesh("8 data centers", 3, {8, 300, 125});
  const double many = mesh("32 data centers", 3, {32, 300, 125});
  const double few_requests = mesh("an hour at 28/s", 5, {2, 3'600, 14});
  mesh("an hour at 280/s", 3, {2, 3'600, 140});
  const double many_requests = mesh("an hour at 2,800/s", 1, {2, 3'600, 1'400});
  mesh("400 s at 250/s", 5, {2, 400, 125});  // before the first cached token is too old
  mesh("4,000 s at 250/s", 3, {2, 4'000, 125});
  mesh("40,000 s at 250/s", 1, {2, 40'000, 125});
  print_bars("Whole requests",
             {{"active_active: M requests/s", 1e3 / whole, Side::kAtLeast, 0.35, 1},
              {"whole request / its bare decision", whole / bare, Side::kAtMost, 3, 1.5},
              {"cost at 10^7 requests an hour / at 10^5", many_requests / few_requests, Side::kAtMost, 1.2, 1},
              {"cost with 32 data centers / with 2", many / two, Side::kAtMost, 1.5, 1}});
}

void crowd() {
  std::vector<Bar> bars;
  for (const auto& [names, words] : {std::pair{Names::kGeoDns, "peak MiB, geo DNS"},
                                     std::pair{Names::kZone, "peak MiB, a zone and kept connections"}}) {
    const CrowdSize size{names, 1'000'000, 20, 100};
    fmt::print("\n{} clients in {} regions, one data center of two lost for a while\n", size.clients, size.regions);
    const auto [outcome, peak_mib] = in_child([&] { return crowd_run(size); });
    fmt::print("  {} requests in {:.1f} s\n", outcome.requests, outcome.seconds);
    bars.push_back({words, peak_mib, Side::kAtMost, 1'024, 768});
  }
  print_bars("Crowd", bars);
}

void replication() {
  constexpr ReplicationSize kSize{4, 1'000'000, 10'000'000, 1'000};
  fmt::print("\nReplication, {} data centers, full mesh, access tokens, one thread\n", kSize.data_centers);
  const auto [outcome, peak_mib] = in_child([&] { return replicate(kSize); });
  const double rate = static_cast<double>(outcome.applied) / outcome.seconds;
  fmt::print("  {} rows, {} writes, {} applied in {:.1f} s (CPU {:.1f} s), {} conflicts\n", outcome.rows,
             outcome.written, outcome.applied, outcome.seconds, outcome.cpu_seconds, outcome.conflicts);
  if (!outcome.are_equal || outcome.applied != outcome.written * (kSize.data_centers - 1)) {
    fmt::print("the replicas did not come to the same rows\n");
    std::exit(1);
  }
  print_bars("Replication", {{"M rows applied/s, over all replicas", rate / 1e6, Side::kAtLeast, 1, 2},
                             {"peak MiB", peak_mib, Side::kAtMost, 2'048, 1'536}});
}

void reports() {
  const PageOutcome page = in_child([] { return library_page(11); }).outcome;
  fmt::print("\nThe report of {} requests{}\n", page.requests,
             page.is_same_again ? "" : ": not the same when it was made again");
  print_bars("Report",
             {{"seconds to make", page.seconds, Side::kAtMost, 2, 1}, {"MiB", page.mib, Side::kAtMost, 3, 1}});
  if (!page.is_same_again) std::exit(1);
}

}  // namespace
}  // namespace parallax::bench

int main(int count, char** arguments) {
  const std::vector<std::pair<std::string, void (*)()>> parts{{"phold", parallax::bench::phold},
                                                              {"threads", parallax::bench::threads},
                                                              {"decisions", parallax::bench::decisions},
                                                              {"requests", parallax::bench::requests},
                                                              {"audit", parallax::bench::audit},
                                                              {"crowd", parallax::bench::crowd},
                                                              {"replication", parallax::bench::replication},
                                                              {"reports", parallax::bench::reports}};
  const std::set<std::string> chosen(arguments + 1, arguments + count);
  for (const auto& [name, run] : parts) {
    if (chosen.empty() || chosen.count(name) != 0) run();
  }
}
