// How gateways come up again: from power to readiness, and what they still lack then.
//
// A gateway that has lost its configuration has no version of an API that it served, which is no ignorance of a change:
// windows go by what it had, and its 404s are charged to its start, to what the API's time was spent on from the loss
// until it was up again.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <utility>
#include <vector>

#include "models/audit/findings.h"
#include "models/audit/journeys.h"
#include "models/domain/ids.h"
#include "sim/time.h"

namespace parallax::audit {

class Starts {
 public:
  explicit Starts(std::size_t nodes) : open_(nodes), last_(nodes) {}

  void powered(domain::NodeId node, sim::VirtualTime now) { open_[domain::index(node)] = now; }
  void ready(domain::NodeId node, sim::VirtualTime now);
  /// A start that is not over ends here, and counts for nothing: the next one does.
  void lost(domain::NodeId node, sim::VirtualTime now);

  /// The node has lost an API that it served.
  void lost_api(domain::NodeId node, domain::ObjectRef api, sim::VirtualTime now);
  bool lacks(domain::NodeId node, domain::ObjectRef api) const { return lacking_.contains({node, api.packed}); }
  /// Requires: it lacks it. A call for it was refused.
  void refused(domain::NodeId node, domain::ObjectRef api, sim::VirtualTime now);
  /// It has the API again, or has heard that it is no more. Nothing if it did not lack it.
  void put_api(domain::NodeId node, domain::ObjectRef api, const Step& step, const Journeys& journeys);

  void finish(sim::VirtualTime end, Findings& findings);

 private:
  struct Lack {
    sim::VirtualTime since;
    std::vector<sim::VirtualTime> refused{};
  };
  void add_lack(domain::NodeId node, sim::VirtualTime until);
  void charge(domain::NodeId node, domain::Stage stage) {
    ++wrong_[{DecisionError::kWrongDeny, Why::kStart, stage, node}];
  }

  std::vector<std::optional<sim::VirtualTime>> open_;  ///< by NodeId: starts since
  std::vector<std::optional<std::size_t>> last_;       ///< by NodeId: its last start that ended, if it is still up
  std::vector<StartFinding> starts_;
  std::map<std::pair<domain::NodeId, std::uint32_t>, Lack> lacking_;
  std::map<TallyKey, std::uint64_t> wrong_;
};

}  // namespace parallax::audit
