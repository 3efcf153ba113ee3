// A node's part in handing out artifacts: as a control plane it answers who asks for them; as a gateway it pulls them
// when an event says so, and may ask for all of them when it starts. See propagation/artifacts.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "models/propagation/artifacts/artifact_puller.h"
#include "models/propagation/artifacts/database_source.h"
#include "models/propagation/artifacts/requester.h"
#include "models/propagation/artifacts/startup.h"
#include "models/propagation/broker/broker.h"
#include "models/runtime/gateway.h"
#include "sim/power.h"
#include "sim/site.h"

namespace parallax::runtime {

class ArtifactDesk final : private propagation::artifacts::StartupHost {
 public:
  /// Requires: a database at the node's site, if anybody asks here.
  ArtifactDesk(sim::Site& site, const sim::Power& power, Gateway& gateway, const propagation::Database& database)
      : site_{site}, power_{power}, gateway_{gateway}, source_{database} {}

  /// The gateway asks `source` from now on. Before the run.
  void pull_from(ArtifactDesk& source, const propagation::artifacts::PullSpec& pull,
                 const propagation::artifacts::RequestSpec& request, const std::string& path,
                 const propagation::broker::StagesOfFaults& stage_of_fault);

  /// When its node starts, the gateway asks `source` for everything. Before the run.
  void start_from(ArtifactDesk& source, const propagation::artifacts::StartupSpec& startup,
                  const propagation::artifacts::RequestSpec& request, const std::string& path,
                  const propagation::broker::StagesOfFaults& stage_of_fault);
  /// The gateway asks when it starts, and has nothing from before.
  bool loses_configuration() const { return startup_ && on_disk_ == propagation::artifacts::OnDisk::kNothing; }
  bool starts_by_asking() const { return startup_ != nullptr; }
  /// It starts now, and tells when its probe says that it is ready. Requires: starts_by_asking(), and restored().
  void begin_start(const propagation::artifacts::Journey& since, std::function<void()> when_ready);

  /// Null unless the gateway pulls.
  propagation::artifacts::ArtifactPuller* puller() { return puller_.get(); }

  /// What the gateway serves is all that `data` says.
  void load(const StartupData& data, sim::RecordId cause, const domain::Passage& passage);

  // What happens to its node, told after its power knows.
  void lost(propagation::broker::HostLoss how);
  void restored();

 private:
  void started(domain::ApiId api) override { puller_->knows(api); }
  void ready() override { when_ready_(); }

  sim::Site& site_;
  const sim::Power& power_;
  Gateway& gateway_;
  propagation::artifacts::DatabaseSource source_;
  std::vector<propagation::artifacts::Requester*> askers_;  ///< of other nodes
  std::unique_ptr<propagation::artifacts::Requester> requester_;
  std::unique_ptr<propagation::artifacts::ArtifactPuller> puller_;
  std::unique_ptr<propagation::artifacts::Requester> start_requester_;
  std::unique_ptr<propagation::artifacts::Startup> startup_;
  propagation::artifacts::OnDisk on_disk_{};
  std::function<void()> when_ready_;
};

}  // namespace parallax::runtime
