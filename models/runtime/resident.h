// What runs on a host beside what the host is for, and shares its fate.
#pragma once

#include <functional>

#include "models/propagation/broker/intake.h"

namespace parallax::runtime {

struct Resident {
  std::function<void(propagation::broker::HostLoss)> lost;  ///< the host is lost, and its power knows
  std::function<void()> restored;                           ///< it has started
};

}  // namespace parallax::runtime
