// A run as a trace that Perfetto's UI opens (ui.perfetto.dev), exact to the nanosecond of virtual time.
//
// Each data center and client region is a process: its nodes and its database are rows of it, with the journeys of
// changes (trace_selection.h says of which), windows in which a node did not obey one yet, and decisions that were
// wrong; requests and refusals are counters. An arrow leads from each record to those that the journal says it caused,
// so that a change is seen to travel. Faults are a process of their own, and so is what the trace leaves out.
//
// A trace is bounded however long the run: see the constants here and in trace_selection.h. That of a busy hour has
// some 10 MB.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "models/audit/setup.h"
#include "models/domain/ids.h"
#include "scenarios/run.h"
#include "scenarios/trace_file.h"
#include "scenarios/trace_selection.h"
#include "sim/record.h"

namespace parallax::scenarios {

/// How often something happened, by equal intervals of the run.
using TraceCounts = std::vector<std::uint32_t>;

/// What a trace is drawn from, beside what the run has found.
struct TraceBooks {
  std::vector<TraceCounts> requests;  ///< decided, by site
  std::vector<TraceCounts> refused;   ///< of them, by site
  std::vector<TraceCounts> answered;  ///< by population
  std::vector<TraceCounts> failed;    ///< by population: timed out, or found no address
  std::vector<sim::Record> moments;   ///< of sites, nodes, resolvers and streams, and conflicts
  std::uint64_t moments_left_out{0};
};

class Trace {
 public:
  /// Wrong decisions that are shown: of each node, error and minute the first so many, as Setup::listed_a_minute.
  static constexpr std::uint64_t kWrongAMinute = 10;
  static constexpr std::size_t kMostWrong = 20'000;
  static constexpr std::size_t kMostMoments = 20'000;
  static constexpr std::size_t kMostWindows = 50'000;
  static constexpr std::int64_t kMostIntervals = 4'096;  ///< of counters

  Trace(audit::Setup setup, sim::Duration run);
  Trace(const Trace&) = delete;
  Trace& operator=(const Trace&) = delete;

  void read(std::span<const sim::Record> journal);

  /// Requires: `run` is this run's, with its findings. Populations are named by their ids.
  void write(const SeedRun& run, std::span<const std::string> populations, const TraceFile::Sink& sink) const;

  /// Of the counters: the fewest seconds, a power of two, that make no more than kMostIntervals.
  static sim::Duration interval_of(sim::Duration run);

 private:
  void read(const sim::Record& record);
  std::size_t interval(sim::VirtualTime now) const { return static_cast<std::size_t>(now.ns / interval_.ns); }

  audit::Setup setup_;
  sim::Duration run_;
  sim::Duration interval_;
  TraceSelection selection_;
  TraceBooks books_;
};

}  // namespace parallax::scenarios
