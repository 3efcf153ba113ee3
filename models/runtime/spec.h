// What a node is like.
#pragma once

#include <cstdint>
#include <optional>

#include "models/logic/gateway/pipeline.h"
#include "models/logic/tokens/access_token.h"
#include "models/propagation/caches/spec.h"
#include "sim/distribution.h"
#include "sim/time.h"

namespace parallax::runtime {

struct WorkersSpec {
  std::uint32_t count{400};  ///< > 0
  sim::Distribution service;
  std::optional<std::uint32_t> queue;         ///< calls that may wait; absent: any number
  std::optional<sim::Duration> longest_wait;  ///< a call that has waited longer is refused; absent: it waits on
};

struct GatewaySpec {
  logic::gateway::PipelineOptions pipeline{};  ///< a sweep interval of 0: cached tokens go the instant they are due
  sim::Duration decision_time{};
  sim::Distribution backend;
  logic::tokens::TokenType tokens{logic::tokens::TokenType::kOpaque};
  std::optional<WorkersSpec> workers{};  ///< absent: as many as there are calls
};

/// Where it has its policies from.
enum class Policies : std::uint8_t {
  kKnown,      ///< on its disk
  kAskedOnce,  ///< of the control plane at its start, and never again (wso2/api-manager 1920)
  kAsked,      ///< of the control plane until it answers
};

struct NodeSpec {
  GatewaySpec gateway;
  sim::Duration token_validity{};
  sim::Duration event_delay{};  ///< from the gateway to its own traffic manager
  sim::Duration push_delay{};
  Policies policies{};
  bool is_counted_here{true};    ///< requests of its gateway are counted by the site's own traffic managers
  sim::Duration startup_time{};  ///< from power to the first answer
  std::optional<WorkersSpec> key_manager_workers{};  ///< absent: as many as there are calls
  bool validations_take_workers{false};              ///< of key managers, the questions of the site's own gateways
};

/// What a gateway asks for when it is subscribed again.
enum class OnReconnect : std::uint8_t {
  kNothing,
  kLoad,  ///< all that is in its memory (4.3 and later: wso2/api-manager 1590)
};

enum class HalfDeployment : std::uint8_t {
  kIsServed,   ///< file by file
  kIsNotSeen,  ///< before all is there
};

enum class SharedMap : std::uint8_t { kNone, kShared };

struct SharedTokensSpec {
  SharedMap map{SharedMap::kShared};
  propagation::caches::TwoLevelSpec levels{};
  std::optional<propagation::caches::ClusterInvalidationSpec> tells;  ///< nothing: no messages but the map's
};

}  // namespace parallax::runtime
