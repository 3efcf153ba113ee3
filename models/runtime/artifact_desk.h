// A node's part in handing out artifacts: as a control plane it answers who asks for them; as a gateway it pulls them
// when an event says so. See propagation/artifacts.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "models/propagation/artifacts/artifact_puller.h"
#include "models/propagation/artifacts/database_source.h"
#include "models/propagation/artifacts/requester.h"
#include "models/propagation/broker/broker.h"
#include "models/runtime/gateway.h"
#include "sim/power.h"
#include "sim/site.h"

namespace parallax::runtime {

class ArtifactDesk {
 public:
  /// Requires: a database at the node's site, if anybody asks here.
  ArtifactDesk(sim::Site& site, const sim::Power& power, Gateway& gateway, const propagation::Database& database)
      : site_{site}, power_{power}, gateway_{gateway}, source_{database} {}

  /// The gateway asks `source` from now on. Before the run.
  void pull_from(ArtifactDesk& source, const propagation::artifacts::PullSpec& pull,
                 const propagation::artifacts::RequestSpec& request, const std::string& path,
                 const propagation::broker::StagesOfFaults& stage_of_fault);

  /// Null unless the gateway pulls.
  propagation::artifacts::ArtifactPuller* puller() { return puller_.get(); }

  /// What the gateway serves is all that `data` says.
  void load(const StartupData& data, sim::RecordId cause, const domain::Passage& passage);

  // What happens to its node, told after its power knows.
  void lost(propagation::broker::HostLoss how);
  void restored();

 private:
  sim::Site& site_;
  const sim::Power& power_;
  Gateway& gateway_;
  propagation::artifacts::DatabaseSource source_;
  std::vector<propagation::artifacts::Requester*> askers_;  ///< of other nodes
  std::unique_ptr<propagation::artifacts::Requester> requester_;
  std::unique_ptr<propagation::artifacts::ArtifactPuller> puller_;
};

}  // namespace parallax::runtime
