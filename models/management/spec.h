// What people and scripts do to a deployment.
#pragma once

#include <cstdint>

#include "models/domain/ids.h"
#include "models/runtime/parts.h"
#include "sim/time.h"

namespace parallax::management {

enum class Task : std::uint8_t {
  kRevokeTokens,
  kAddSubscriptions,
  kBlockSubscriptions,
  kRequestTokens,  ///< somebody of a crowd asks for a token here; others of it may ask elsewhere
  kSignIn,         ///< a developer of a crowd signs in at the portal; the first time here makes a subscriber
};

/// Where it is done.
constexpr runtime::Part part_for(Task task) {
  return task == Task::kRevokeTokens || task == Task::kRequestTokens ? runtime::Part::kKeyManager
                                                                     : runtime::Part::kControlPlane;
}

/// What a row's total is rewritten to.
enum class Rewriting : std::uint8_t {
  kRecomputed,  ///< what the writer's own raw data of the bucket come to, whatever the row says
  kAdded,       ///< what the row says and what the writer has counted since it last wrote
};

struct PolicyChangeSpec {
  sim::VirtualTime at;
  domain::TierId policy{};    ///< limited
  std::uint32_t requests{0};  ///< from then on, > 0
};

}  // namespace parallax::management
