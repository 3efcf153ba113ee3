#include "models/world/pulling.h"

namespace parallax::world {

using runtime::Part;

// The first control plane of the source's site answers; there is no other to turn to.
void connect_pulling_gateways(const WorldConfig& config, const DataCenters& data_centers) {
  for (std::size_t i = 0; i < config.sites.size(); ++i) {
    const auto& pulls = config.sites[i].pulls;
    if (!pulls) continue;
    DataCenter& there = *data_centers[sim::index(pulls->source)];
    runtime::ArtifactDesk& source = there.open_artifact_desk(*there.nodes_with(Part::kControlPlane).front());
    for (runtime::Node* node : data_centers[i]->nodes_with(Part::kGateway)) {
      data_centers[i]->open_artifact_desk(*node).pull_from(source, pulls->pull, pulls->request, node->path(),
                                                           config.stage_of_fault);
      node->event_desk()->deploy_by(*node->artifact_desk()->puller());
    }
  }
}

}  // namespace parallax::world
