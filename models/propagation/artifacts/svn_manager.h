// A managing node of the deployment synchronizer, with AutoCommit on: what is published there it puts into its working
// copy, and checks it in in the next run of its task, all changes in one transaction. In a multi-data-center deployment
// one manager alone does so (the seeds' first design); the other data centers' repositories are mirrors.
//
// With two of them (the negative case): whoever is second with an API is refused, for its copy is out of date; the
// deployment synchronizer then updates (SVNBasedArtifactRepository.commit), and as both have changed the same file,
// Subversion marks it as in conflict. From then on it refuses every commit of that working copy (E155015: remains in
// conflict), whatever API it is about, until a person has resolved it. Changes to different APIs do not meet.
//
// Stages: artifact_copy [0, 15 s to the next run + the check-in time + the requester's], then again and again while the
// repository cannot be reached; operator [until a conflict is resolved].
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>

#include "models/propagation/artifacts/parcel.h"
#include "models/propagation/artifacts/poll_account.h"
#include "models/propagation/artifacts/requester.h"
#include "models/propagation/artifacts/svn_task.h"

namespace parallax::propagation::artifacts {

struct SvnManagerSpec {
  SvnTaskSpec task{};
  sim::Duration check_in_time{};  ///< to look through the working copy and send what has changed
};

class SvnManager final : private Asker {
 public:
  enum class Keep : std::uint8_t { kMine, kTheirs };

  /// `name`: of random streams. `deployed_here` gets what others have checked in. `committed` is told when something
  /// of its own was: it sends the cluster message. Requires: a requester of its own.
  SvnManager(const Place& at, const std::string& name, const SvnManagerSpec& spec, Requester& requester,
             Sink& deployed_here, std::function<void()> committed);
  SvnManager(const SvnManager&) = delete;
  SvnManager& operator=(const SvnManager&) = delete;

  void start() { task_.start(); }

  /// It is published here now.
  void edit(Parcel parcel);

  /// A cluster message says that the repository has changed.
  void hear() { task_.update_in_next_run(); }

  bool is_in_conflict(domain::ApiId api) const { return conflicts_.count(api) > 0; }
  std::uint64_t refused() const { return refused_; }

  /// A person does. Requires: it is in conflict.
  void resolve(domain::ApiId api, Keep keep);

  // What happens to its host; its working copy is on disk.
  void lost();
  void restored();

 private:
  enum class Doing : std::uint8_t { kNothing, kCheckingIn, kUpdating };

  void commit_in_next_run(sim::VirtualTime run);
  void commit();
  void check_in();
  void checked_in(const Answer& answer);
  void update();
  void updated(const Answer& answer);
  void meet(const Artifact& theirs);
  void held_back(domain::Stage by) override;
  void answered(const Answer& answer) override;
  void finish();
  void enter(domain::Stage stage);

  Place at_;
  SvnManagerSpec spec_;
  Requester& requester_;
  Sink& deployed_here_;
  std::function<void()> committed_;
  SvnTask task_;
  PollAccount account_{kPollWait};
  std::map<domain::ApiId, Parcel> edits_;                ///< that are not checked in
  std::map<domain::ApiId, Artifact> conflicts_;          ///< what the others have of them
  std::map<domain::ApiId, std::uint64_t> working_copy_;  ///< the number of what it has of each API
  std::uint64_t seen_{0};
  std::uint64_t refused_{0};
  Doing doing_{Doing::kNothing};
  bool has_power_{true};
  bool commits_soon_{false};
  bool commits_when_updated_{false};  ///< in the same run
  std::uint32_t life_{0};
};

}  // namespace parallax::propagation::artifacts
