#include "scenarios/backtest/backtest.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>
#include <utility>

#include "scenarios/backtest/band.h"
#include "scenarios/backtest/knobs.h"
#include "scenarios/backtest/lines.h"
#include "scenarios/backtest/phase_ranks.h"
#include "scenarios/backtest/phases.h"
#include "scenarios/backtest/zero.h"

namespace parallax::scenarios::backtest {

namespace {

constexpr std::size_t kLeastBuckets = 10;

// A population of whose calls fewer fail was not part of the outage: its phases would be those of noise.
constexpr double kLeastHeight = 0.02;

std::vector<double> shares_of(const std::vector<Part>& parts) {
  std::vector<double> shares;
  for (const Part& part : parts) shares.push_back(part.share().value_or(-1));
  return shares;
}

void fill_line(const Line& line, schema::BacktestLine& out) {
  out.set_name(line.name);
  out.set_of(line.of);
  out.set_first_ns(sim::seconds(line.first_s).ns);
  std::size_t held = 0;
  std::size_t outside = 0;
  double farthest = 0;
  for (std::size_t i = 0; i < line.observed.size(); ++i) {
    std::vector<double> seeds;
    for (const auto& seed : line.seeds) {
      if (const auto share = seed[i].share()) seeds.push_back(*share);
    }
    const bool is_known = seeds.size() == line.seeds.size();
    const Band band = is_known ? band_of(std::move(seeds)) : Band{-1, -1, -1};
    const double observed = line.observed[i].share().value_or(-1);
    out.add_observed(observed);
    out.add_low(band.low);
    out.add_typical(band.typical);
    out.add_high(band.high);
    if (!is_compared(line, i)) continue;
    const double far = std::max({0.0, observed - band.high, band.low - observed});
    ++held;
    outside += far > 0;
    if (far <= farthest) continue;
    farthest = far;
    out.clear_worst_ns();
    out.add_worst_ns(out.first_ns() + sim::seconds(line.width_s * static_cast<std::int64_t>(i)).ns);
  }
  if (held > 0) out.set_outside(static_cast<double>(outside) / static_cast<double>(held));
}

/// One phase of one population.
struct PhaseSeen {
  std::string population;
  Phase phase;
  PhaseSeconds seconds;
};

schema::BacktestPhase told(const schema::Scenario& scenario, const PhaseSeen& seen, double p) {
  schema::BacktestPhase out;
  const double observed = seen.seconds.front();
  const Band band = band_of({seen.seconds.begin() + 1, seen.seconds.end()});
  out.set_population(seen.population);
  out.set_phase(std::string(name_of(seen.phase)));
  out.set_observed_s(observed);
  out.set_low_s(band.low);
  out.set_typical_s(band.typical);
  out.set_high_s(band.high);
  out.set_p(p);
  out.set_verdict(p > kUnlikely ? "same" : observed > band.typical ? "longer" : "shorter");
  for (std::string& knob : knobs_of(scenario, seen.population, seen.phase)) out.add_knobs(std::move(knob));
  return out;
}

/// From time zero on.
std::vector<double> since_zero(const Line& line, const std::vector<Part>& parts) {
  const auto before = static_cast<std::ptrdiff_t>(-line.first_s / line.width_s);
  const std::vector<double> shares = shares_of(parts);
  return {shares.begin() + std::min(before, static_cast<std::ptrdiff_t>(shares.size())), shares.end()};
}

/// The stretch that a drill has been watched for is the one in which seeds are looked at too.
std::vector<Part> as_watched(const std::vector<Part>& seed, const Line& line) {
  std::vector<Part> parts = seed;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    if (line.observed[i].all == 0) parts[i] = {};
  }
  return parts;
}

/// Of one population; none if it was not part of the outage.
void add_phases_seen(const std::vector<SeedRun>& runs, const Line& line, std::vector<PhaseSeen>& all) {
  const auto outage_of = [&](const SeedRun& run) {
    const Zero zero = *zero_of(run);
    return static_cast<double>(zero.over_s.value_or(run.end.ns / sim::seconds(1).ns - zero.at_s));
  };
  const auto width = static_cast<double>(line.width_s);
  std::vector<Phases> members{phases_of(since_zero(line, line.observed), width, outage_of(runs.front()))};
  std::vector<double> heights;
  for (std::size_t i = 0; i < runs.size(); ++i) {
    const std::vector<Part> seed = as_watched(line.seeds[i], line);
    members.push_back(phases_of(since_zero(line, seed), width, outage_of(runs[i])));
    heights.push_back(members.back().height);
  }
  if (members.front().height < kLeastHeight && band_of(heights).typical < kLeastHeight) return;
  static constexpr std::array kOf{std::pair{Phase::detect, &Phases::detect},
                                  std::pair{Phase::redirect, &Phases::redirect},
                                  std::pair{Phase::warm_up, &Phases::warm_up}, std::pair{Phase::back, &Phases::back}};
  for (const auto& [phase, member] : kOf) {
    PhaseSeconds seconds;
    for (const Phases& phases : members) seconds.push_back(phases.*member);
    all.push_back({line.of, phase, std::move(seconds)});
  }
}

/// Together, because the more of them are looked at the more are off by chance.
void add_phases(const Loaded& loaded, const std::vector<SeedRun>& runs, const std::vector<Line>& lines,
                std::int64_t bucket_s, schema::Backtest& out) {
  std::vector<PhaseSeen> seen;
  for (const Line& line : lines) {
    if (line.name == "failed") add_phases_seen(runs, line, seen);
  }
  std::vector<PhaseSeconds> seconds;
  for (const PhaseSeen& phase : seen) seconds.push_back(phase.seconds);
  const std::vector<double> ps = adjusted_ps(seconds, static_cast<double>(bucket_s));
  for (std::size_t i = 0; i < seen.size(); ++i) *out.add_phases() = told(loaded.scenario, seen[i], ps[i]);
}

/// Of the phases that are named the one that is farthest, in seconds, from the seeds' typical one; null if none is.
const schema::BacktestPhase* farthest_phase(const schema::Backtest& of) {
  const schema::BacktestPhase* farthest = nullptr;
  const auto off = [](const schema::BacktestPhase& phase) { return std::fabs(phase.observed_s() - phase.typical_s()); };
  for (const schema::BacktestPhase& phase : of.phases()) {
    if (phase.verdict() == "same") continue;
    if (farthest == nullptr || off(phase) > off(*farthest)) farthest = &phase;
  }
  return farthest;
}

std::string phase_words(const schema::BacktestPhase& phase) {
  const std::string who = phase.population().empty() ? "" : " of " + phase.population();
  std::string words = fmt::format(
      "{}{} took {:.0f} s, {:.0f} s {} than the {:.0f} s that are typical of the scenario "
      "({:.0f} to {:.0f} s)",
      phase.phase(), who, phase.observed_s(), std::fabs(phase.observed_s() - phase.typical_s()), phase.verdict(),
      phase.typical_s(), phase.low_s(), phase.high_s());
  if (phase.knobs_size() > 0) words += "; look at " + phase.knobs(0);
  return words;
}

std::string verdict_words(const schema::Backtest& of) {
  const std::string counted = fmt::format(
      "{:.0f} % of the drill's buckets lie outside the band of the seeds, where one in twenty drills of this scenario "
      "has over {:.0f} %",
      of.outside() * 100, of.outside_allowed() * 100);
  if (of.verdict() == "explained") {
    return fmt::format("The scenario explains the drill: {} (p = {:.2f}).", counted, of.p());
  }
  std::string text = fmt::format("The scenario does not explain the drill: {} (p = {:.2f}).", counted, of.p());
  if (const schema::BacktestPhase* phase = farthest_phase(of)) return text + " Where: " + phase_words(*phase) + ".";
  return text + " No phase by itself is longer or shorter than in the seeds: see where the lines part.";
}

void fill_rank(const std::vector<Line>& lines, schema::Backtest& out) {
  const Ranked ranked = rank(lines);
  const auto buckets = static_cast<double>(std::max<std::size_t>(ranked.buckets, 1));
  std::vector<double> outside;
  for (const Misfit& misfit : ranked.members) outside.push_back(static_cast<double>(misfit.outside) / buckets);
  out.set_p(ranked.p);
  out.set_outside(outside.front());
  out.set_outside_allowed(band_of({outside.begin() + 1, outside.end()}).high);
  out.set_verdict(ranked.p > kUnlikely ? "explained" : "not_explained");
}

std::uint64_t held_calls(const std::vector<Line>& lines) {
  std::uint64_t calls = 0;
  for (const Line& line : lines) {
    if (line.name != "failed") continue;
    for (const Part& part : line.observed) calls += part.all;
  }
  return calls;
}

std::size_t buckets_with_calls(const std::vector<Line>& lines) {
  std::size_t most = 0;
  for (const Line& line : lines) {
    const auto with =
        std::count_if(line.observed.begin(), line.observed.end(), [](const Part& p) { return p.all > 0; });
    most = std::max(most, static_cast<std::size_t>(with));
  }
  return most;
}

}  // namespace

std::string obstacle(const schema::Scenario& scenario) {
  if (!scenario.workload().populations().empty()) return "";
  return "found a scenario without populations, expected one at least: a drill is held against their calls";
}

std::string obstacle(const schema::Scenario& scenario, const std::vector<SeedRun>& runs, const Drill& drill,
                     const BacktestOptions& options) {
  for (const SeedRun& run : runs) {
    if (!zero_of(run)) {
      return fmt::format("found no fault in the run of seed {}, expected one: it is the drill's time zero", run.seed);
    }
  }
  if (!drill.decided.empty() && !are_alike_in_minutes(runs)) {
    return "found a column of data centers and a fault that begins at another second of the minute with each seed, "
           "expected no such column: what a data center decides is known by the minute";
  }
  const std::size_t buckets = buckets_with_calls(lines_of(scenario, runs, drill, options.bucket_s));
  if (buckets >= kLeastBuckets) return "";
  return fmt::format(
      "found calls in {} bucket{} of {} s within the run, expected at least {}; does --start say when the "
      "fault began?",
      buckets, buckets == 1 ? "" : "s", options.bucket_s, kLeastBuckets);
}

schema::Backtest backtest(const Loaded& loaded, const std::vector<SeedRun>& runs, const Drill& drill,
                          const BacktestOptions& options) {
  const std::vector<Line> lines = lines_of(loaded.scenario, runs, drill, options.bucket_s);
  schema::Backtest out;
  out.set_version(PARALLAX_VERSION);
  out.set_schema("parallax.backtest/1");
  out.set_scenario(loaded.scenario.name());
  *out.mutable_config() = loaded.scenario;
  out.set_observed(options.observed);
  out.set_command(options.command);
  out.set_seeds(static_cast<std::uint32_t>(runs.size()));
  const Zero zero = *zero_of(runs.front());
  out.set_zero(zero.what);
  if (zero.lasts) out.set_outage_ns(zero.lasts->ns);
  out.set_bucket_ns(sim::seconds(options.bucket_s).ns);
  out.set_calls(held_calls(lines));
  out.set_calls_beyond(drill.calls - out.calls());
  fill_rank(lines, out);
  for (const Line& line : lines) {
    fill_line(line, *out.add_lines());
    out.mutable_lines()->rbegin()->set_width_ns(sim::seconds(line.width_s).ns);
  }
  add_phases(loaded, runs, lines, options.bucket_s, out);
  out.set_text(verdict_words(out));
  return out;
}

}  // namespace parallax::scenarios::backtest
