#include "models/world/file_ways.h"

#include <utility>

namespace parallax::world {

namespace artifacts = propagation::artifacts;

using artifacts::Place;
using artifacts::Requester;
using propagation::broker::HostLoss;
using runtime::Node;
using runtime::Part;
using Way = FilesConfig::Way;

namespace {

Place place_of(DataCenter& center) { return {center.site(), center.first_node()}; }
Place place_of(DataCenter& center, Node& node) { return {center.site(), node.id()}; }

}  // namespace

FileWays::FileWays(const WorldConfig& config, const DataCenters& data_centers) : config_{config} {
  for (std::size_t i = 0; i < config.sites.size(); ++i) {
    const bool is_way = config.sites[i].files.has_value();
    sites_.push_back(is_way ? std::make_unique<Here>(config.sites[i], *data_centers[i]) : nullptr);
    if (!is_way) continue;
    Here& here = *sites_.back();
    here.repository = std::make_unique<artifacts::Repository>(place_of(here.data_center));
    here.outlet.folder = here.config.files->way == Way::kSvn ? nullptr : here.repository.get();
  }
  for (const auto& here : sites_) {
    if (here != nullptr) build(*here);
  }
}

artifacts::Sink* FileWays::outlet(sim::SiteId site) {
  const auto& here = sites_[sim::index(site)];
  return here == nullptr ? nullptr : &here->outlet;
}

void FileWays::start() {
  for (const auto& here : sites_) {
    if (here == nullptr) continue;
    if (here->mirror) here->mirror->start();
    if (here->manager) here->manager->start();
    for (const auto& worker : here->workers) worker->start();
    for (const auto& poller : here->pollers) poller->start();
  }
}

void FileWays::Outlet::take(const artifacts::Parcel& parcel) {
  if (manager != nullptr) manager->edit(parcel);
  if (folder != nullptr) folder->take(parcel);
  for (artifacts::FileReplica* replica : replicas) replica->write(parcel);
  if (by_hand != nullptr) by_hand->publish(parcel);
  if (calls != nullptr) calls->publish(parcel);
}

Node* FileWays::home(Here& here) {
  const auto planes = here.data_center.nodes_with(Part::kControlPlane);
  return planes.empty() ? nullptr : planes.front();
}

// Whoever asks is lost with its node, whoever is asked with its site.
Requester& FileWays::requester(Here& client, Here& server, const std::string& name,
                               const artifacts::RequestSpec& spec) {
  client.requesters.push_back(std::make_unique<Requester>(client.data_center.site(), server.data_center.site(),
                                                          server.data_center.power(), name, spec, *server.repository,
                                                          config_.stage_of_fault));
  Requester& made = *client.requesters.back();
  server.data_center.house({[&made](HostLoss how) { made.source_lost(how); }, [&made] { made.source_restored(); }});
  return made;
}

runtime::FileDeployer& FileWays::deployer(Here& here, Node& node) {
  here.deployers.push_back(std::make_unique<runtime::FileDeployer>(place_of(here.data_center, node), node.power(),
                                                                   node.gateway(), here.config.files->half));
  runtime::FileDeployer& made = *here.deployers.back();
  node.house({[](HostLoss) {}, [&made] { made.restored(); }});
  return made;
}

void FileWays::build(Here& here) {
  switch (here.config.files->way) {
    case Way::kSvn:
      return build_svn(here);
    case Way::kFolder:
      for (Node* node : here.data_center.nodes_with(Part::kGateway)) {
        if (&of(here) != &here || node != home(here)) build_poller(here, of(here), *node);
      }
      return;
    case Way::kReplica:
      return build_replica(here, of(here));
    case Way::kByHand:
      return build_by_hand(here);
    case Way::kCalls:
      return build_calls(here);
  }
}

// --- Subversion

void FileWays::build_svn(Here& here) {
  Here& master = of(here);
  if (&master != &here) build_mirror(here, master);
  if (here.config.files->commits) build_manager(here, master);
  for (Node* node : here.data_center.nodes_with(Part::kGateway)) {
    if (!here.manager || node != home(here)) build_worker(here, *node);
  }
}

void FileWays::build_mirror(Here& here, Here& master) {
  const std::string name = here.config.name + " mirrors";
  const artifacts::PollSpec spec{here.config.files->period, artifacts::kMirrorWait, artifacts::AfterFailure::kNextLook};
  Requester& asks = requester(here, master, name, here.config.files->request);
  here.mirror = std::make_unique<artifacts::Poller>(place_of(here.data_center), name, spec, asks, *here.repository);
  here.data_center.house({[&here](HostLoss) { here.mirror->lost(); }, [&here] { here.mirror->restored(); }});
}

// A commit is told to the cluster of its own site alone, if there is one.
void FileWays::build_manager(Here& here, Here& master) {
  Node& node = *home(here);
  Requester& asks = requester(here, master, node.path() + " commits", here.config.files->request);
  const artifacts::SvnManagerSpec spec{here.config.files->task, here.config.files->check_in_time};
  const auto tell = [&here] {
    if (!here.config.cluster) return;
    here.data_center.site().after(here.config.cluster->message_delay, [&here] {
      for (const auto& worker : here.workers) worker->hear();
    });
  };
  artifacts::Sink* deploys = &nowhere_;
  if (node.parts().has(Part::kGateway)) deploys = &deployer(here, node);
  here.manager = std::make_unique<artifacts::SvnManager>(place_of(here.data_center, node), node.path(), spec, asks,
                                                         *deploys, tell);
  here.outlet.manager = here.manager.get();
  node.house({[&here](HostLoss) { here.manager->lost(); }, [&here] { here.manager->restored(); }});
}

void FileWays::build_worker(Here& here, Node& node) {
  Requester& asks = requester(here, here, node.path() + " updates", here.config.files->request);
  here.workers.push_back(std::make_unique<artifacts::SvnWorker>(place_of(here.data_center, node), node.path(),
                                                                here.config.files->task, asks, deployer(here, node)));
  artifacts::SvnWorker& worker = *here.workers.back();
  node.house({[&worker](HostLoss) { worker.lost(); }, [&worker] { worker.restored(); }});
}

// --- Folders

void FileWays::build_poller(Here& here, Here& source, Node& node) {
  const artifacts::PollSpec spec{here.config.files->period, artifacts::kPollWait, here.config.files->after_failure};
  Requester& asks = requester(here, source, node.path() + " fetches", here.config.files->request);
  here.pollers.push_back(std::make_unique<artifacts::Poller>(place_of(here.data_center, node), node.path(), spec, asks,
                                                             deployer(here, node)));
  artifacts::Poller& poller = *here.pollers.back();
  node.house({[&poller](HostLoss) { poller.lost(); }, [&poller] { poller.restored(); }});
}

void FileWays::build_replica(Here& here, Here& origin) {
  here.replicas.push_back(std::make_unique<artifacts::FileReplica>(
      place_of(origin.data_center), place_of(here.data_center), here.config.name + " replica",
      here.config.files->replica, config_.stage_of_fault));
  artifacts::FileReplica& replica = *here.replicas.back();
  for (Node* node : here.data_center.nodes_with(Part::kGateway))
    replica.add_scanner(deployer(here, *node), node->path());
  origin.outlet.replicas.push_back(&replica);
}

// --- By hand

// To every gateway of every site where that is the way, in the order of the file, but for the one that publishes.
void FileWays::build_by_hand(Here& here) {
  if (home(here) == nullptr) return;
  std::vector<artifacts::ManualTarget> targets;
  for (const auto& there : sites_) {
    if (there == nullptr || there->config.files->way != Way::kByHand) continue;
    for (Node* node : there->data_center.nodes_with(Part::kGateway)) {
      if (node != home(here)) targets.push_back({there->data_center.site().id(), &deployer(*there, *node)});
    }
  }
  here.by_hand = std::make_unique<artifacts::ManualPublishing>(place_of(here.data_center, *home(here)),
                                                               here.config.name + " by hand", here.config.files->manual,
                                                               std::move(targets), config_.stage_of_fault);
  here.outlet.by_hand = here.by_hand.get();
}

// --- By calls

// The same gateways in the same order. Where the publisher's node is lost, so are the calls that it has not made.
void FileWays::build_calls(Here& here) {
  if (home(here) == nullptr) return;
  std::vector<artifacts::CalledTarget> targets;
  std::vector<Node*> nodes;
  for (const auto& there : sites_) {
    if (there == nullptr || there->config.files->way != Way::kCalls) continue;
    for (Node* node : there->data_center.nodes_with(Part::kGateway)) {
      if (node == home(here)) continue;
      targets.push_back({place_of(there->data_center, *node), &node->power(), &deployer(*there, *node)});
      nodes.push_back(node);
    }
  }
  here.calls = std::make_unique<artifacts::CalledPublishing>(place_of(here.data_center, *home(here)),
                                                             here.config.name + " publisher", here.config.files->calls,
                                                             targets, config_.stage_of_fault);
  artifacts::CalledPublishing& calls = *here.calls;
  for (std::size_t target = 0; target < nodes.size(); ++target) {
    nodes[target]->house({[&calls, target](HostLoss how) { calls.target_lost(target, how); },
                          [&calls, target] { calls.target_restored(target); }});
  }
  home(here)->house({[&calls](HostLoss) { calls.lost(); }, [&calls] { calls.restored(); }});
  here.outlet.calls = &calls;
}

}  // namespace parallax::world
