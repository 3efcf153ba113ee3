// How a gateway of WSO2 API Manager from 3.2 on gets its APIs (carbon-apimgt, gateway InMemoryAPIDeployer and
// GatewayJMSMessageListener; impl DBRetriever): an event says that an API was deployed; one thread waits a fixed time,
// so that the database can be ahead of the event (wso2/api-manager 702), pulls the artifact from the control plane and
// puts it up in the place of the old one. What it gets is what the database there has: of one that is behind, the old
// revision, which it takes for the new one.
//
// Any other answer than 200 is followed by another try, after 15, 30, 60, 120 and 240 s; then the API stays as it was.
// All of this happens in one thread, so that whatever is deployed later waits for it.
//
//   event   waiting   pull in vain   pause   pull   gap
//   |------|---------|--------------|-------|------|----|  deployed
//
// An event that is lost is made up for by no later one. Newer builds ask again when their broker has them back
// (wso2/api-manager 1590): of the APIs that they serve those whose revision has changed. An API that was deployed for
// the first time, or removed, meanwhile is not among them.
//
// Stages: event_waiting [the waiting time + others before it, unbounded], artifact_copy as the requester says, then for
// each try in vain reconnect_wait [the pause], deployment_scan [the gap].
#pragma once

#include <cstdint>
#include <deque>
#include <vector>

#include "models/propagation/artifacts/deployer.h"
#include "models/propagation/artifacts/parcel.h"
#include "models/propagation/artifacts/poll_account.h"
#include "models/propagation/artifacts/requester.h"
#include "models/propagation/artifacts/retry_ladder.h"
#include "models/propagation/artifacts/spec.h"
#include "models/propagation/broker/event.h"
#include "models/propagation/broker/recent_ids.h"

namespace parallax::propagation::artifacts {

class ArtifactPuller final : private Asker {
 public:
  /// Requires: a requester of its own.
  ArtifactPuller(const Place& at, const PullSpec& spec, Requester& requester, Deployer& gateway);
  ArtifactPuller(const ArtifactPuller&) = delete;
  ArtifactPuller& operator=(const ArtifactPuller&) = delete;

  /// The gateway serves it, by other means than an event.
  void knows(domain::ApiId api) { set_known(api, true); }
  bool is_known(domain::ApiId api) const { return domain::index(api) < known_.size() && known_[domain::index(api)]; }

  // What the gateway's subscription brings.
  void deploy(const broker::Event& event);
  void remove(const broker::Event& event);
  void reconnected();

  /// Deployments that wait for the one that the thread is at.
  std::size_t waiting() const { return queue_.size(); }
  /// Deployments that it has given up: the gateway goes on with what it had.
  std::uint64_t given_up() const { return given_up_; }

  // What happens to its host: the thread and what waits for it are gone.
  void lost();
  void restored() { requester_.restored(); }

 private:
  enum class Kind : std::uint8_t { kPull, kPutUp, kRemove, kAskAgain };
  struct Task {
    Kind kind{};
    Parcel parcel{};
    std::uint64_t event{0};
    sim::VirtualTime published{};
  };

  void set_known(domain::ApiId api, bool is_known);
  static Parcel parcel_of(const broker::Event& event);
  void add(Task task);
  void begin();
  void ask();
  void held_back(domain::Stage by) override;
  void answered(const Answer& answer) override;
  void try_again();
  void give_up();
  void put_up();
  void put_up_changed(const Answer& answer);
  void finish();
  void end();
  void go_on();
  template <typename Step>
  void after(sim::Duration delay, Step step);

  Place at_;
  PullSpec spec_;
  Requester& requester_;
  Deployer& gateway_;
  std::vector<bool> known_;  ///< by API
  broker::RecentIds recent_;
  std::deque<Task> queue_;
  Task task_;
  bool is_busy_{false};
  bool is_going_on_{false};
  RetryLadder ladder_;
  PollAccount account_{domain::Stage::kMessageLost};
  std::uint64_t given_up_{0};
  std::uint32_t life_{0};  ///< what an earlier one has left scheduled is void
};

}  // namespace parallax::propagation::artifacts
