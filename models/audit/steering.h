// Where clients' calls went: to the data center that their region prefers or to another while that one was up, under
// the law of their region or abroad, and how many users were sent from one data center to another, or from one node to
// another that they do not belong to.
#pragma once

#include <optional>
#include <vector>

#include "models/audit/findings.h"
#include "models/audit/setup.h"
#include "models/domain/journal.h"

namespace parallax::audit {

class Steering {
 public:
  explicit Steering(const Setup& setup);

  void finished(const domain::RequestFinished& request);
  void closed(const domain::UsersClosed& users);
  void closed(const domain::AffinityClosed& balancer) { found_.affinity_lost += balancer.lost; }
  void site_changed(const domain::SiteChanged& changed, sim::VirtualTime now);
  void finish(Findings& findings) const { findings.steering = found_; }

 private:
  struct Down {
    sim::VirtualTime from;
    std::optional<sim::VirtualTime> until;
  };
  domain::Jurisdiction jurisdiction_of(domain::SiteId site) const;
  bool was_up(domain::SiteId site, sim::VirtualTime when) const;

  const Setup& setup_;
  std::vector<std::vector<Down>> downs_;  ///< by site, in order
  SteeringFinding found_;
};

}  // namespace parallax::audit
