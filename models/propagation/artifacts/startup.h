// A gateway that starts: it asks for all artifacts and puts them up one after the other. In between it may already be
// called, and answers 404 for what is not up yet: its readiness probe says yes at once, after the first API
// (wso2/api-manager 3359), or when all are up.
//
// Without the control plane it has nothing to put up. Depending on version and packaging it tries for ever, comes up
// empty after some tries, serves the last good configuration from its disk, or does not come up at all (regions without
// a control plane of their own: gateways cannot restart until the main region is back; WSO2 documentation, Multi-DC
// deployment patterns, pattern 2).
//
// Stages, beyond those that the journey came with: artifact_copy as the requester says, reconnect_wait [the pauses],
// deployment_scan [the time to put APIs up].
#pragma once

#include <cstdint>
#include <vector>

#include "models/propagation/artifacts/deployer.h"
#include "models/propagation/artifacts/parcel.h"
#include "models/propagation/artifacts/requester.h"
#include "models/propagation/artifacts/retry_ladder.h"
#include "models/propagation/artifacts/spec.h"
#include "models/propagation/artifacts/stages.h"

namespace parallax::propagation::artifacts {

/// carbon-apimgt's default, gateway_startup async (gateway GatewayStartupListener): it pauses 20, 40, 80 s, ... up to
/// an hour, without end; what was on disk it deletes first.
StartupSpec asynchronous_startup();

/// The other value: 10 tries with a second between them, and the server waits for them.
StartupSpec synchronous_startup();

class StartupHost {
 public:
  virtual void started(domain::ApiId api) = 0;  ///< it serves this one
  virtual void ready() = 0;                     ///< its readiness probe says yes from now on

 protected:
  ~StartupHost() = default;
};

class Startup final : private Asker {
 public:
  /// Requires: a requester of its own; a gateway that has deployed() no version of what it has lost.
  Startup(const Place& at, const StartupSpec& spec, Requester& requester, Deployer& gateway, StartupHost& host);
  Startup(const Startup&) = delete;
  Startup& operator=(const Startup&) = delete;

  /// It starts now; `since` is how it came to that, and is what its deployments are caused by.
  void begin(const Journey& since);

  bool is_ready() const { return is_ready_; }

  // What happens to its host.
  void lost();
  void restored() { requester_.restored(); }

 private:
  void ask();
  void held_back(domain::Stage by) override { enter(by); }
  void answered(const Answer& answer) override;
  void sort_in(const Artifact& artifact);
  void in_vain();
  void put_up_all();
  void put_up_one();
  void put_up();
  void become_ready();
  void enter(domain::Stage stage) { journey_.enter(stage, at_, domain::kNoApi); }
  template <typename Step>
  void after(sim::Duration delay, Step step);

  Place at_;
  StartupSpec spec_;
  Requester& requester_;
  Deployer& gateway_;
  StartupHost& host_;
  RetryLadder ladder_;
  Journey journey_{};
  std::vector<Artifact> artifacts_;
  std::size_t next_{0};
  bool is_ready_{false};
  std::uint32_t life_{0};
};

}  // namespace parallax::propagation::artifacts
