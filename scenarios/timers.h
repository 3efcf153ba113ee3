// The timers of a deployment that a run may reach, and how long a run must be for all of them to fire.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "models/audit/timer_findings.h"
#include "scenarios/schema/scenario.pb.h"
#include "sim/time.h"

namespace parallax::scenarios {

struct DeclaredTimer {
  audit::Timer timer;
  std::string path;       ///< of the field that sets it, as --set has it
  int place{0};           ///< of its site among the sites; of a quota window: of its tier among the tiers
  bool is_of_all{false};  ///< it belongs to no site
  sim::Duration length;   ///< 0: it acts when something else happens
  sim::Duration after{};  ///< what may pass besides until it shows: an entry past its age waits for the sweeper
};

/// Left out is what nothing can reach: caches of gateways that keep none, polls where no API is ever published, ...
/// In the order of the sites; then the catalog's. Requires: a checked scenario with its defaults.
std::vector<DeclaredTimer> timers_of(const schema::Scenario& scenario);

/// "duration 5m is shorter than sites[dc].gateway.token_cache.ttl (15m): expiries will not be seen; 17m would show
/// them". Nothing where the run lasts until all timers may have fired, but for those that no run can be long enough
/// for.
std::optional<std::string> advice_on_duration(const schema::Scenario& scenario);

}  // namespace parallax::scenarios
