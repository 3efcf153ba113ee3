// Who revokes tokens: Poisson in time, at the site's nodes in turn, a live token drawn uniformly each time.
#pragma once

#include <vector>

#include "models/propagation/database.h"
#include "models/runtime/node.h"
#include "sim/distribution.h"
#include "sim/site.h"

namespace parallax::management {

struct RevocationSpec {
  sim::VirtualTime from;
  sim::VirtualTime until;  ///< none at or after it
  sim::Distribution gap;
};

class Administrator {
 public:
  /// `name` tells the random streams of several administrators apart.
  Administrator(sim::Site& site, const std::string& name, const RevocationSpec& spec, propagation::Database& database,
                std::vector<runtime::Node*> nodes);

  void start();

 private:
  void schedule_next(sim::VirtualTime from);
  void revoke_one();

  sim::Site& site_;
  RevocationSpec spec_;
  propagation::Database& database_;
  std::vector<runtime::Node*> nodes_;
  std::size_t turn_{0};
  sim::Stream gaps_;
  sim::Stream choices_;
};

}  // namespace parallax::management
