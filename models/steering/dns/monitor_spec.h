// A DNS provider's health checks: their parameters.
#pragma once

#include <cstdint>

#include "models/steering/health/checker.h"

namespace parallax::steering::dns {

struct MonitorSpec {
  health::CheckSpec check;
  /// Healthy if more than so many of 100 vantage points say so.
  std::uint32_t quorum_percent{50};
};

}  // namespace parallax::steering::dns
