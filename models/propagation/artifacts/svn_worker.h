// A worker of the deployment synchronizer: its task updates the working copy and deploys, in the same run, what has
// come. It reverts what it has changed itself before (SVNBasedArtifactRepository), so nothing keeps it from updating.
//
// Stages: deployment_scan [0, 15 s] after a cluster message, which is counted in, [0, 915 s] without; artifact_copy as
// the requester says; link_down where the repository's way is cut.
#pragma once

#include <string>

#include "models/propagation/artifacts/parcel.h"
#include "models/propagation/artifacts/poll_account.h"
#include "models/propagation/artifacts/requester.h"
#include "models/propagation/artifacts/svn_task.h"

namespace parallax::propagation::artifacts {

class SvnWorker final : private Asker {
 public:
  /// `name`: of random streams. Requires: a requester of its own.
  SvnWorker(const Place& at, const std::string& name, const SvnTaskSpec& spec, Requester& requester, Sink& sink);
  SvnWorker(const SvnWorker&) = delete;
  SvnWorker& operator=(const SvnWorker&) = delete;

  void start() { task_.start(); }

  /// A cluster message says that the repository has changed.
  void hear() { task_.update_in_next_run(); }

  // What happens to its host; its working copy is on disk.
  void lost();
  void restored();

 private:
  void update();
  void held_back(domain::Stage by) override { account_.held_back(by, at_.site.now()); }
  void answered(const Answer& answer) override;

  Place at_;
  Requester& requester_;
  Sink& sink_;
  SvnTask task_;
  PollAccount account_{kPollWait};
  std::uint64_t seen_{0};
};

}  // namespace parallax::propagation::artifacts
