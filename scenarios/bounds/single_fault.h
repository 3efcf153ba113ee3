// How long each kind of change may remain unseen under any one fault that lasts for good: a data center lost, or a link
// between two of them cut. What is left is what needs neither.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "models/domain/change.h"
#include "models/world/config.h"
#include "sim/time.h"

namespace parallax::bounds {

struct AnyFault {
  domain::ChangeKind change{};
  std::optional<sim::Duration> greatest{};  ///< over all single faults, writers and observers; nothing: no bound
  bool ends_with_token{false};
  std::string fault;   ///< with which it is reached: "us-east lost", "us-east and eu cut off"; empty: with none
  std::string writer;  ///< site/node
  std::string observer;
};

/// Without the scenario's own faults. In the order of changes, of those that it writes.
std::vector<AnyFault> bounds_under_any_fault(const world::WorldConfig& config);

}  // namespace parallax::bounds
