// When a node of WSO2 API Manager 1.x and 2.x looks into its Subversion repository: carbon-kernel's
// CarbonDeploymentSchedulerTask runs every 15 s, and updates its working copy in a run if a cluster message has said
// that something was committed, if the last update has failed, in its first run, or if it has not been due for a random
// number n of runs: n = ceil(u / 15 s), with u whole seconds, uniform from 300 s (REPO_UPDATE_MIN_TIME_SECONDS) to
// below 900 s (MandatoryRepositoryUpdateInterval). As the counter is compared before it is counted down, n + 1 runs lie
// between two updates of that kind: 315 to 915 s.
//
// Its runs keep to a grid of their interval; what takes longer makes it miss some.
#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "models/propagation/artifacts/spec.h"
#include "sim/alarm.h"
#include "sim/random.h"
#include "sim/site.h"

namespace parallax::propagation::artifacts {

class SvnTask {
 public:
  /// `name`: of random streams. `update`: in a run that updates.
  SvnTask(sim::Site& site, const std::string& name, const SvnTaskSpec& spec, std::function<void()> update);

  /// Its host starts; the first run updates.
  void start();
  void stop();

  /// A cluster message has come, or the last update has failed: the next run updates. Nothing while it is stopped.
  void update_in_next_run();

  /// The first run from now on, or after now.
  sim::VirtualTime next_run() const;
  sim::VirtualTime run_after_now() const;

 private:
  void run();
  std::int64_t runs_without_word();

  sim::Site& site_;
  SvnTaskSpec spec_;
  std::function<void()> update_;
  sim::Duration phase_;
  sim::Stream stream_;
  sim::Alarm alarm_;
  sim::VirtualTime without_word_{sim::kNever};
  sim::VirtualTime last_run_{-1};  ///< that updated
};

}  // namespace parallax::propagation::artifacts
