// The runtime artifacts of one site: the files from which its gateways deploy APIs (a shared file system that outlives
// the nodes). A gateway looks for news at its next scan.
//
// Stages: how an artifact got here (cluster_message, artifact_copy), then deployment_scan [0, scan interval].
#pragma once

#include <string>
#include <vector>

#include "models/domain/catalog.h"
#include "models/domain/journal.h"
#include "models/logic/gateway/facts.h"
#include "models/propagation/artifacts/deployer.h"
#include "sim/power.h"
#include "sim/site.h"

namespace parallax::propagation {

class ArtifactStore {
 public:
  ArtifactStore(sim::Site& site, const domain::Catalog& catalog, sim::Duration scan_interval);

  /// `power`: of its node. `path` names the gateway's random streams. Before the run.
  void add_reader(Deployer& gateway, const sim::Power& power, const std::string& path);

  /// An artifact is here; `stage` tells how the time since `cause` was spent, from `turn` on if the way was blocked.
  void arrive(domain::ApiId api, const logic::gateway::ApiFacts& facts, sim::RecordId cause, domain::NodeId at,
              const domain::Passage& passage);

  /// A gateway starts: it deploys everything that is here.
  void load_into(Deployer& gateway, sim::RecordId cause, const domain::Passage& passage) const;

 private:
  struct Reader {
    Deployer* gateway;
    const sim::Power* power;
    sim::Duration phase;
  };
  void scan(const Reader& reader, domain::ApiId api, sim::RecordId cause, sim::VirtualTime arrived);

  sim::Site& site_;
  sim::Duration scan_interval_;
  std::vector<logic::gateway::ApiFacts> artifacts_;  ///< by API
  std::vector<Reader> readers_;
};

}  // namespace parallax::propagation
