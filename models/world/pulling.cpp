#include "models/world/pulling.h"

namespace parallax::world {

using runtime::Part;

namespace {

// The first control plane of the source's site answers; there is no other to turn to.
runtime::ArtifactDesk& desk_of(DataCenter& source) {
  return source.open_artifact_desk(*source.nodes_with(Part::kControlPlane).front());
}

}  // namespace

void connect_pulling_gateways(const WorldConfig& config, const DataCenters& data_centers) {
  for (std::size_t i = 0; i < config.sites.size(); ++i) {
    const auto& pulls = config.sites[i].pulls;
    if (!pulls) continue;
    runtime::ArtifactDesk& source = desk_of(*data_centers[sim::index(pulls->source)]);
    const auto& startup = config.sites[i].startup;
    for (runtime::Node* node : data_centers[i]->nodes_with(Part::kGateway)) {
      data_centers[i]->open_artifact_desk(*node).pull_from(source, pulls->pull, pulls->request, node->path(),
                                                           config.stage_of_fault);
      node->event_desk()->deploy_by(*node->artifact_desk()->puller());
      if (!startup) continue;
      node->artifact_desk()->start_from(desk_of(*data_centers[sim::index(startup->source)]), startup->startup,
                                        startup->request, node->path(), config.stage_of_fault);
    }
  }
}

}  // namespace parallax::world
