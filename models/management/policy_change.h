// An administrator changes a throttling policy, once: how many requests it lets through in each window. It is
// committed, and then an event tells whoever counts that there is something to ask for (carbon-apimgt: POLICY_UPDATE on
// the topic notification). A change whose node is down is not made.
#pragma once

#include <cstdint>

#include "models/domain/ids.h"
#include "models/management/spec.h"
#include "models/propagation/access/database_access.h"
#include "models/runtime/node.h"
#include "sim/process.h"
#include "sim/site.h"
#include "sim/time.h"

namespace parallax::management {

class PolicyChange {
 public:
  /// `node` has a control plane.
  PolicyChange(sim::Site& site, const PolicyChangeSpec& spec, propagation::DatabaseAccess& access, runtime::Node& node)
      : site_{site}, spec_{spec}, access_{access}, node_{node} {}

  void start();

 private:
  sim::Process make(sim::Site& site);

  sim::Site& site_;
  PolicyChangeSpec spec_;
  propagation::DatabaseAccess& access_;
  runtime::Node& node_;
};

}  // namespace parallax::management
