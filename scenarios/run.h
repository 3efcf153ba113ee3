// Runs a scenario over its seeds and draws up the result.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "models/audit/findings.h"
#include "models/domain/catalog.h"
#include "scenarios/bounds/bounds.h"
#include "scenarios/load.h"
#include "scenarios/schema/result.pb.h"
#include "scenarios/settle.h"
#include "sim/fingerprint.h"
#include "sim/time.h"

namespace parallax::scenarios {

/// A run that reaches one of these ends there, inconclusive, with what it has found by then.
struct RunLimits {
  std::optional<std::uint64_t> events{};
  std::optional<sim::Duration> virtual_time{};
  std::optional<std::uint64_t> memory{};  ///< bytes of what is pending in the engine, as it counts them itself
};

struct RunOptions {
  std::vector<std::uint64_t> seeds{1};
  unsigned jobs{1};     ///< seeds at a time; the result does not depend on it
  unsigned threads{1};  ///< inside one run, 0 = one for each core; the result does not depend on it
  RunLimits limits{};
  std::string command;  ///< that makes the result again
  /// Takes the history of the first seed (history.h), piece by piece, in whatever thread runs it.
  std::function<void(std::string_view)> history{};
  std::function<void(std::string_view)> trace{};  ///< its trace (trace.h), likewise
  const std::atomic<bool>* stop{nullptr};         ///< run_seed() alone: set from elsewhere, ends it at once
  /// Called in the caller's thread after each seed and ten times a second; may throw to stop all that is under way.
  std::function<void(unsigned done, unsigned total)> progress;
};

struct Timing {
  double wall_seconds{0};
  std::uint64_t requests{0};
  std::uint64_t events{0};
};

struct RunOutput {
  schema::Result result;
  Timing timing;
};

/// Requires: at least one seed, distinct.
RunOutput run(const Loaded& loaded, const RunOptions& options);

/// What one seed gave.
struct SeedRun {
  std::uint64_t seed{0};
  sim::Fingerprint fingerprint;
  struct SiteRun {
    std::string name;
    sim::Fingerprint fingerprint;
    std::uint64_t records{0};
  };
  std::vector<SiteRun> sites;
  std::string checkpoints;  ///< 8 hex digits for each virtual second
  std::uint64_t events{0};
  std::uint64_t statements{0};  ///< that databases of APIs have run for nodes
  std::string limit;            ///< that ended the run: "events", "virtual_time" or "memory"; empty if none did
  sim::VirtualTime end;
  std::vector<schema::Fault> faults;  ///< when they were on; those of runbooks come last
  std::vector<RunbookTimes> runbooks;
  std::vector<std::uint64_t> touched;  ///< by fault
  std::vector<std::string> site_names;
  std::vector<std::string> node_names;
  domain::Catalog catalog;
  audit::Findings findings;
  std::vector<bounds::Bound> bounds;  ///< of its windows
  std::uint64_t windows_longer_than_nothing{0};
  std::uint64_t windows_bounded{0};  ///< held against them
};

/// A run has broken a bound: a fault of the engine, of a model or of the bound.
class BoundBroken : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// When everything happens that waits for something else. Plays the run as often as there is something to find.
Settled settle(const schema::Scenario& scenario, std::uint64_t seed, const RunOptions& options = {});

/// All seeds of `options`, in their order. Requires: at least one, distinct.
std::vector<SeedRun> run_seeds(const schema::Scenario& scenario, const RunOptions& options);

/// Throws BoundBroken.
SeedRun run_seed(const schema::Scenario& scenario, std::uint64_t seed, const RunOptions& options = {});

}  // namespace parallax::scenarios
