// A node: gateway, key manager, traffic manager and control plane in one process, or some of them. It has power of its
// own; when its site has none, nor has the node.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "models/runtime/artifact_desk.h"
#include "models/runtime/clock.h"
#include "models/runtime/control_plane.h"
#include "models/runtime/counting.h"
#include "models/runtime/event_desk.h"
#include "models/runtime/gateway.h"
#include "models/runtime/key_manager.h"
#include "models/runtime/parts.h"
#include "models/runtime/resident.h"
#include "models/runtime/spec.h"
#include "models/runtime/traffic_manager.h"
#include "models/runtime/workers.h"
#include "models/steering/call.h"
#include "sim/power.h"

namespace parallax::runtime {

class Node : public steering::Backend {
 public:
  struct Accesses {
    propagation::DatabaseAccess& database;
    propagation::DatabaseAccess& validation;  ///< of its gateway
  };
  struct Layers {
    Gateway::Layers gateway;
    domain::LayerId policies;  ///< its traffic manager's
  };
  /// `path` is "site/node": it names the node's random streams.
  Node(sim::Site& site, domain::NodeId id, const std::string& path, PartSet parts, const NodeSpec& spec,
       const Accesses& accesses, const Layers& layers);

  sim::Site& site() { return site_; }
  domain::NodeId id() const { return id_; }
  const std::string& path() const { return path_; }
  sim::Power& power() { return power_; }
  Clock& clock() { return clock_; }
  const PartSet& parts() const { return parts_; }
  Gateway& gateway() { return gateway_; }
  KeyManager& key_manager() { return key_manager_; }
  TrafficManager& traffic_manager() { return traffic_manager_; }

  /// It has a message broker, and tells others through it from now on. Before the run.
  EventDesk& open_event_desk(const propagation::broker::StagesOfFaults& stage_of_fault);
  /// Null without one.
  EventDesk* event_desk() { return event_desk_.get(); }

  /// It has artifacts to hand out, or pulls them; made when it is first asked for. Before the run.
  ArtifactDesk& open_artifact_desk(const propagation::Database& database);
  ArtifactDesk* artifact_desk() { return artifact_desk_.get(); }

  /// Its traffic manager counts requests of other sites too; made when it is first asked for. Before the run.
  CountingIntake& open_counting_intake(const propagation::broker::StagesOfFaults& stage_of_fault);
  /// Its gateway's requests are counted there too. Before the run.
  void count_at(CountingIntake& target);
  /// Shares its fate from now on. Before the run.
  void house(Resident resident) { residents_.push_back(std::move(resident)); }

  void start();

  /// Closes the books of its workers. Once, at the end of the run.
  void close();

  bool is_ready() const override { return power_.is_on() && is_started_; }
  sim::Standstill& standstill() const override { return power_.standstill(); }
  bool serves(steering::Service service) const override;
  void call(const steering::ApiCall& call) override {
    standstill().run([this, call] { gateway_.call(call); });
  }
  void request_token(const steering::TokenCall& call) override {
    standstill().run([this, call] { key_manager_.issue(call); });
  }
  void open_page(const steering::PageCall& call) override {
    standstill().run([this, call] { control_plane_.open(call); });
  }

  /// It loses power, or its process ends. `cause` tells of it.
  void lose(sim::RecordId cause, propagation::broker::HostLoss how);

  /// It has power again, and starts.
  void restore() { power_.restore(); }

  /// It has started, and answers; then what it does first when it has.
  void become_ready() { is_started_ = true; }
  /// `powered`: the record of its power's return, at `since`.
  void started(sim::RecordId powered, sim::VirtualTime since);

 private:
  sim::Site& site_;
  sim::Power power_;
  Clock clock_;
  domain::NodeId id_;
  std::string path_;
  PartSet parts_;
  Gateway gateway_;
  KeyManager key_manager_;
  TrafficManager traffic_manager_;
  ControlPlane control_plane_;
  std::unique_ptr<EventDesk> event_desk_;
  std::unique_ptr<ArtifactDesk> artifact_desk_;
  std::unique_ptr<CountingIntake> counting_intake_;
  std::unique_ptr<CountingWays> counting_ways_;
  std::vector<Resident> residents_;
  bool is_started_{true};
};

}  // namespace parallax::runtime
