// A control plane as its users see it: pages of the developer portal, which read its database, and of the publisher,
// which need one that takes writes. An answer comes after the database's; without the database there is an error.
#pragma once

#include "models/propagation/access/database_access.h"
#include "models/steering/call.h"
#include "sim/power.h"
#include "sim/process.h"
#include "sim/site.h"

namespace parallax::runtime {

class ControlPlane {
 public:
  ControlPlane(sim::Site& site, const sim::Power& power, propagation::DatabaseAccess& access)
      : site_{site}, power_{power}, access_{access} {}

  void open(const steering::PageCall& call) { answer(site_, call); }

 private:
  sim::Process answer(sim::Site& site, steering::PageCall call);

  sim::Site& site_;
  const sim::Power& power_;
  propagation::DatabaseAccess& access_;
};

}  // namespace parallax::runtime
