// The publisher of one site. It commits an API to the database and deploys it at the node it runs on; that is the
// acknowledgement. The other nodes follow: through the site's artifact store and those of the other sites, or, without
// them, when a person has published there by hand, one node after the other. Of a new API the developers are told, of
// a retired one they are not.
//
// Stages: cluster_message [delay, same], artifact_copy [the way's], link_down or site_down while a copy is kept back,
// deployment_scan [0, scan interval], operator [as given].
#pragma once

#include <string>
#include <vector>

#include "models/domain/change.h"
#include "models/domain/ids.h"
#include "models/propagation/access/database_access.h"
#include "models/propagation/artifacts.h"
#include "models/propagation/artifacts/parcel.h"
#include "models/propagation/cluster.h"
#include "models/runtime/node.h"
#include "models/steering/clients.h"
#include "sim/distribution.h"
#include "sim/process.h"

namespace parallax::management {

/// Where a publisher's artifacts go in another site.
struct RemoteStore {
  sim::SiteId site;
  domain::NodeId first_node;
  propagation::ArtifactStore* store;
};

/// How other nodes get what it publishes.
enum class Spreading : std::uint8_t {
  kByFiles,   ///< by artifact stores, or by hand
  kByEvents,  ///< gateways hear of it, its own too, and pull it
};

struct PublisherSpec {
  Spreading spreading{};
  sim::Duration copy_retry{};  ///< until a copy that was kept back is tried again
  sim::Duration local_copy{};  ///< to the site's own store
  std::vector<domain::Stage> stage_of_fault;
  propagation::artifacts::Sink* outlet{
      nullptr};  ///< takes what is to get to others as files; null: the stores, or by hand
};

class Publisher {
 public:
  /// Runs on `home`. `gateways`: of its site. `store`: of its own site, null where there is none.
  Publisher(sim::Site& site, runtime::Node& home, propagation::DatabaseAccess& access,
            std::vector<runtime::Node*> gateways, std::vector<steering::Population*> audience,
            propagation::ArtifactStore* store, std::vector<RemoteStore> remote_stores, PublisherSpec spec);

  /// `kind`: kApiPublished or kApiRetired. `operator_delay`: per further node, where there is no artifact store.
  void change(domain::ApiId api, domain::ChangeKind kind, const sim::Distribution& operator_delay) {
    make_change(site_, api, kind, operator_delay);
  }

 private:
  sim::Process make_change(sim::Site& site, domain::ApiId api, domain::ChangeKind kind,
                           sim::Distribution operator_delay);
  sim::Process deploy_by_hand(sim::Site& site, domain::ApiId api, logic::gateway::ApiFacts facts,
                              sim::RecordId acknowledged, sim::Distribution operator_delay);
  sim::Process copy_to(sim::Site& site, RemoteStore remote, domain::ApiId api, logic::gateway::ApiFacts facts,
                       sim::RecordId acknowledged);
  void spread(domain::ApiId api, const logic::gateway::ApiFacts& facts, sim::RecordId acknowledged,
              const sim::Distribution& operator_delay);

  sim::Site& site_;
  runtime::Node& home_;
  propagation::DatabaseAccess& access_;
  std::vector<runtime::Node*> gateways_;
  std::vector<steering::Population*> audience_;
  propagation::ArtifactStore* store_;
  std::vector<RemoteStore> remote_stores_;
  PublisherSpec spec_;
  sim::Stream operator_stream_;
};

}  // namespace parallax::management
