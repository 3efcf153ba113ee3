// The publisher of one site. It commits an API to the database and deploys it at the node it runs on; that is the
// acknowledgement, and developers are told. The other nodes follow: in a cluster by a message and their next
// deployment scan, without one when a person has published there by hand, one node after the other.
//
// Stages: cluster_message [delay, same], deployment_scan [0, scan period], operator [as given].
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "models/domain/ids.h"
#include "models/propagation/cluster.h"
#include "models/propagation/database.h"
#include "models/runtime/node.h"
#include "models/steering/clients.h"
#include "sim/distribution.h"
#include "sim/process.h"

namespace parallax::management {

class Publisher {
 public:
  /// Runs on the first of `nodes`.
  Publisher(sim::Site& site, propagation::Database& database, std::vector<runtime::Node*> nodes,
            std::vector<steering::Population*> audience, propagation::Cluster* cluster);

  /// `operator_delay`: what a person takes per further node, without a cluster.
  void publish(domain::ApiId api, const sim::Distribution& operator_delay) { publish_api(site_, api, operator_delay); }

 private:
  sim::Process publish_api(sim::Site& site, domain::ApiId api, sim::Distribution operator_delay);
  void announce(domain::ApiId api);
  sim::Process deploy_in_cluster(sim::Site& site, std::size_t node, domain::ApiId api, sim::RecordId acknowledged);
  sim::VirtualTime next_scan(std::size_t node) const;

  sim::Site& site_;
  propagation::Database& database_;
  std::vector<runtime::Node*> nodes_;
  std::vector<steering::Population*> audience_;
  propagation::Cluster* cluster_;
  sim::Stream operator_stream_;
  std::vector<sim::Duration> scan_phases_;  ///< by node
};

}  // namespace parallax::management
