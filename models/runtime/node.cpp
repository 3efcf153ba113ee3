#include "models/runtime/node.h"

namespace parallax::runtime {

Node::Node(sim::Site& site, domain::NodeId id, const std::string& path, PartSet parts, const NodeSpec& spec,
           const Accesses& accesses, const Layers& layers)
    : site_{site},
      clock_{site},
      id_{id},
      path_{path},
      parts_{parts},
      gateway_{site, power_, clock_, id, path, spec.gateway, accesses.validation, layers.gateway},
      key_manager_{site, power_, clock_, id, spec.token_validity, spec.gateway.tokens, accesses.database, gateway_},
      traffic_manager_{site, power_, clock_, {id, layers.policies}, accesses.database, spec.push_delay},
      control_plane_{site, power_, accesses.database} {
  if (spec.key_manager_workers) key_manager_.limit(path, *spec.key_manager_workers);
  if (!parts.has(Part::kGateway) || !parts.has(Part::kTrafficManager) || !spec.is_counted_here) return;
  gateway_.publish_events_to(traffic_manager_, spec.event_delay);
  traffic_manager_.push_decisions_to(gateway_);
}

EventDesk& Node::open_event_desk(const propagation::broker::StagesOfFaults& stage_of_fault) {
  event_desk_ = std::make_unique<EventDesk>(site_, power_, gateway_, path_, stage_of_fault);
  key_manager_.announce_at(*event_desk_);
  traffic_manager_.announce_at(*event_desk_);
  if (parts_.has(Part::kTrafficManager)) event_desk_->tell_of_policies(traffic_manager_);
  return *event_desk_;
}

ArtifactDesk& Node::open_artifact_desk(const propagation::Database& database) {
  if (!artifact_desk_) artifact_desk_ = std::make_unique<ArtifactDesk>(site_, power_, gateway_, database);
  return *artifact_desk_;
}

CountingIntake& Node::open_counting_intake(const propagation::broker::StagesOfFaults& stage_of_fault) {
  if (!counting_intake_) {
    counting_intake_ = std::make_unique<CountingIntake>(site_, power_, id_, stage_of_fault, traffic_manager_);
  }
  return *counting_intake_;
}

void Node::count_at(CountingIntake& target) {
  if (!counting_ways_) {
    counting_ways_ = std::make_unique<CountingWays>(site_, power_, id_, path_);
    gateway_.publish_events_over(*counting_ways_);
  }
  counting_ways_->lead_to(target);
}

bool Node::serves(steering::Service service) const {
  switch (service) {
    case steering::Service::kApi:
      return parts_.has(Part::kGateway);
    case steering::Service::kToken:
      return parts_.has(Part::kKeyManager);
    case steering::Service::kPortal:
    case steering::Service::kPublisher:
      return parts_.has(Part::kControlPlane);
  }
  return false;
}

void Node::start() {
  if (parts_.has(Part::kGateway)) gateway_.start();
  if (event_desk_) event_desk_->start();
  if (counting_ways_) counting_ways_->start();
}

void Node::close() {
  if (parts_.has(Part::kGateway)) gateway_.close_workers();
  if (parts_.has(Part::kKeyManager)) key_manager_.close();
}

void Node::lose(sim::RecordId cause, propagation::broker::HostLoss how) {
  is_started_ = false;
  power_.fail(site_.now());
  gateway_.lose_memory(cause);
  if (artifact_desk_ && artifact_desk_->loses_configuration()) gateway_.lose_configuration(cause);
  key_manager_.lose();
  traffic_manager_.lose_memory();
  if (event_desk_) event_desk_->lost(how);
  if (counting_ways_) counting_ways_->lost(how);
  if (counting_intake_) counting_intake_->lost(how);
  if (artifact_desk_) artifact_desk_->lost(how);
  for (const Resident& resident : residents_) resident.lost(how);
}

void Node::started(sim::RecordId powered, sim::VirtualTime since) {
  if (parts_.has(Part::kTrafficManager)) traffic_manager_.started(powered, since);
  if (artifact_desk_) artifact_desk_->restored();
  if (event_desk_) event_desk_->restored();
  if (counting_ways_) counting_ways_->restored();
  if (counting_intake_) counting_intake_->restored();
  for (const Resident& resident : residents_) resident.restored();
}

}  // namespace parallax::runtime
