#include "models/management/publisher.h"

#include <utility>

#include "models/domain/journal.h"

namespace parallax::management {

using domain::ChangeKind;
using domain::ObjectRef;
using domain::Stage;

Publisher::Publisher(sim::Site& site, propagation::Database& database, std::vector<runtime::Node*> nodes,
                     std::vector<steering::Population*> audience, propagation::Cluster* cluster)
    : site_{site},
      database_{database},
      nodes_{std::move(nodes)},
      audience_{std::move(audience)},
      cluster_{cluster},
      operator_stream_{site.stream(site.name(), "operator")} {
  for (std::size_t node = 0; node < nodes_.size(); ++node) {
    sim::Stream phases = site.stream(site.name() + "/" + std::to_string(node), "deployment scan phase");
    const sim::Duration period = cluster_ == nullptr ? sim::Duration{} : cluster_->spec().deployment_scan;
    scan_phases_.push_back(sim::Distribution::uniform({}, period).sample(phases));
  }
}

sim::Process Publisher::publish_api(sim::Site& site, domain::ApiId api, sim::Distribution operator_delay) {
  const sim::VirtualTime invoked = site.now();
  const domain::NodeId writer = nodes_.front()->id();
  const ObjectRef object = ObjectRef::of(api);
  const sim::RecordId cause = site.record(domain::ChangeInvoked{ChangeKind::kApiPublished, writer, object}.pack());
  co_await site.delay(database_.access_time());
  database_.publish_api(api, cause);
  co_await site.delay(database_.access_time());
  const logic::ApiFacts facts = database_.api(api);
  nodes_.front()->gateway().deploy(api, facts, cause, {Stage::kNone, Stage::kDatabaseWrite, invoked});
  sim::RecordId previous = site.record(
      domain::ChangeAcknowledged{ChangeKind::kApiPublished, writer, object, facts.version, invoked, sim::kNever}.pack(),
      cause);
  announce(api);
  for (std::size_t node = 1; node < nodes_.size(); ++node) {
    if (cluster_ != nullptr) {
      deploy_in_cluster(site, node, api, previous);
      continue;
    }
    const sim::VirtualTime begun = site.now();
    co_await site.delay(operator_delay.sample(operator_stream_));
    previous = nodes_[node]->gateway().deploy(api, facts, previous, {Stage::kNone, Stage::kOperator, begun});
  }
}

void Publisher::announce(domain::ApiId api) {
  for (steering::Population* population : audience_) {
    site_.send(population->site().id(), [population, api] { population->announce(api); });
  }
}

sim::Process Publisher::deploy_in_cluster(sim::Site& site, std::size_t node, domain::ApiId api,
                                          sim::RecordId acknowledged) {
  co_await site.delay(cluster_->spec().message_delay);
  const domain::Hop told{nodes_[node]->id(), ObjectRef::of(api), Stage::kClusterMessage};
  const sim::RecordId hop = site.record(told.pack(), acknowledged);
  const sim::VirtualTime heard = site.now();
  co_await site.delay(next_scan(node) - heard);
  nodes_[node]->gateway().deploy(api, database_.api(api), hop, {Stage::kNone, Stage::kDeploymentScan, heard});
}

sim::VirtualTime Publisher::next_scan(std::size_t node) const {
  const sim::Duration period = cluster_->spec().deployment_scan;
  if (period.ns == 0) return site_.now();
  const sim::Duration phase = scan_phases_[node];
  const sim::VirtualTime last = sim::floor_to(site_.now() - phase, period) + phase;
  return last == site_.now() ? last : last + period;
}

}  // namespace parallax::management
