// Looks at a source once in a while, and hands on what has come there since it last looked. One that is still waiting
// for an answer does not look again.
//
//  * The read-only sites of a master data center fetch from its artifact server (the seeds' second design).
//  * A mirror of a Subversion repository, in one direction (svnsync from a timer): its sink is another repository.
//  * A gateway scans a folder that is mounted from another data center, every 15 s. A hard mount, the default of
//    nfs(5), never gives up: while the way is cut the scan hangs, and what is deployed stays as it is.
//
// Stages: what it waits as [0, period], then artifact_copy as the requester says; or, from the first look that a fault
// keeps back, all of it what the fault is charged to [the rest of the cut + TCP's wait to try again + a period].
#pragma once

#include <cstdint>
#include <string>

#include "models/propagation/artifacts/deployer.h"
#include "models/propagation/artifacts/parcel.h"
#include "models/propagation/artifacts/poll_account.h"
#include "models/propagation/artifacts/requester.h"
#include "models/propagation/artifacts/spec.h"

namespace parallax::propagation::artifacts {

struct PollSpec {
  sim::Duration period{};  ///< > 0
  domain::Stage wait{kPollWait};
  AfterFailure after_failure{AfterFailure::kNextLook};
};

/// A gateway that scans a folder of another site over NFS: hot deployment every 15 s (carbon.xml,
/// DeploymentUpdateInterval), one TCP connection that is kept, no time-out (nfs(5): hard is the default).
PollSpec mounted_scan();
RequestSpec hard_mount();

/// A soft mount gives up after 180 s: timeo 600, which is 60 s, and once more for each of retrans 2 (nfs(5), the
/// defaults over TCP; Linux net/sunrpc/xprt.c, xprt_calc_majortimeo). Then the scan fails, and the next one tries
/// again.
RequestSpec soft_mount();

class Poller final : private Asker {
 public:
  /// `name`: of the random stream of its phase. Requires: a requester of its own.
  Poller(const Place& at, const std::string& name, const PollSpec& spec, Requester& requester, Sink& sink);
  Poller(const Poller&) = delete;
  Poller& operator=(const Poller&) = delete;

  /// At its site, once.
  void start();

  // What happens to its host; what it has seen is on its disk.
  void lost();
  void restored();

 private:
  void look();
  void look_later();
  void held_back(domain::Stage by) override { account_.held_back(by, at_.site.now()); }
  void answered(const Answer& answer) override;

  Place at_;
  PollSpec spec_;
  Requester& requester_;
  Sink& sink_;
  sim::Duration phase_;
  PollAccount account_;
  std::uint64_t seen_{0};  ///< the number of the last artifact that it has handed on
  std::uint32_t life_{0};
};

/// Hands on to a gateway, which deploys what is in the folder, whatever its version.
class Deployment final : public Sink {
 public:
  explicit Deployment(Deployer& gateway) : gateway_{gateway} {}
  void take(const Parcel& parcel) override {
    gateway_.deploy(parcel.api, parcel.facts, parcel.journey.cause, parcel.journey.passage);
  }

 private:
  Deployer& gateway_;
};

}  // namespace parallax::propagation::artifacts
