// A cluster of nodes within one site (Hazelcast in the deployments of the seeds): members tell each other what they
// have done; a message takes a fixed time and is not lost.
#pragma once

#include <utility>

#include "sim/distribution.h"
#include "sim/site.h"

namespace parallax::propagation {

struct ClusterSpec {
  sim::Duration message_delay{};
  sim::Duration deployment_scan{};  ///< a member deploys what it was told of at its next scan; 0: at once
  sim::Duration copy_retry{};       ///< a copy to another site that was kept back is tried again after this
};

class Cluster {
 public:
  Cluster(sim::Site& site, ClusterSpec spec) : site_{site}, spec_{spec} {}

  const ClusterSpec& spec() const { return spec_; }

  /// Does `action` one message delay from now, as a member that receives a message.
  void tell(const sim::Action& action);

 private:
  sim::Site& site_;
  ClusterSpec spec_;
};

}  // namespace parallax::propagation
