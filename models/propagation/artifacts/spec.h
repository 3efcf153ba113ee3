// How artifacts travel: the parameters of each way.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "models/domain/stage.h"
#include "sim/connection.h"
#include "sim/distribution.h"
#include "sim/time.h"

namespace parallax::propagation::artifacts {

enum class Connecting : std::uint8_t {
  kForEach,  ///< a new connection for each question, as carbon-apimgt's retrievers make one
  kKept,     ///< one that is opened when it is needed, as of a mounted file system
};

struct RequestSpec {
  Connecting connecting{Connecting::kForEach};
  sim::Duration timeout{};       ///< of question and answer; 0: none of its own, as Apache HttpClient's default is
  sim::Duration service_time{};  ///< at the source
  sim::ConnectionSpec connection{.handshake_round_trips = 2};  ///< TCP's own, and TLS 1.3's
};

/// The defaults: 15, 30, 60, 120, 240 s (carbon-apimgt, conf_templates core.default.json, sync_runtime_artifacts; impl
/// DBRetriever).
struct RetrySpec {
  static constexpr std::uint32_t kEndless = 0xffff'ffff;  ///< longer than any run

  sim::Duration first{sim::seconds(15)};
  std::uint32_t factor{2};
  sim::Duration greatest{sim::minutes(60)};
  std::uint32_t retries{5};
};

enum class OnReconnect : std::uint8_t {
  kNothing,           ///< up to 4.2
  kChangedRevisions,  ///< from 4.3 on
};

struct PullSpec {
  /// sync_runtime_artifacts.gateway.event_waiting_time: 5000 ms in the default file, 1 ms in the documentation.
  sim::Duration event_waiting{sim::seconds(5)};
  RetrySpec retry{};
  sim::Duration redeploy_gap{};         ///< it takes the old revision away first, and serves none for so long
  std::size_t event_ids_remembered{0};  ///< newer builds skip an event that has come before (wso2/api-manager 4441)
  OnReconnect on_reconnect{OnReconnect::kNothing};
};

enum class AfterFailure : std::uint8_t { kNextLook, kAtOnce };

enum class ReadyWhen : std::uint8_t { kAtOnce, kFirstApiIsUp, kAllAreUp };

/// What a gateway has kept. kLastGood: it serves that from the start, an API that was removed while it was down too.
enum class OnDisk : std::uint8_t { kNothing, kLastGood };

/// When its tries are spent.
enum class InVain : std::uint8_t {
  kComesUp,     ///< with what it has, and asks no more
  kStartsOver,  ///< whoever supervises it starts it again
};

struct StartupSpec {
  ReadyWhen ready_when{ReadyWhen::kFirstApiIsUp};
  OnDisk on_disk{OnDisk::kNothing};
  RetrySpec retry{};
  InVain in_vain{InVain::kComesUp};
  sim::Duration start_over_after{sim::seconds(10)};
  sim::Duration api_time{};  ///< to put one API up
};

struct CallSpec {
  sim::Duration timeout{sim::seconds(60)};                     ///< of a call; Apache Axis2's, for connecting and answer
  sim::ConnectionSpec connection{.handshake_round_trips = 3};  ///< TCP's own, and TLS 1.2's
};

struct ManualSpec {
  sim::Distribution delay_per_node{};
  double forgets{0};                      ///< share of nodes that are left out, in [0, 1]
  sim::Duration retry{sim::seconds(30)};  ///< while the node cannot be reached: our assumption
};

/// Folders of carbon that are to be shared (WSO2 documentation, multi data center deployment with a shared file
/// system).
enum class Path : std::uint8_t {
  kRuntimeArtifacts,  ///< repository/deployment/server/synapse-configs
  kThrottlePolicies,  ///< repository/deployment/server/executionplans
  kTenants,           ///< repository/tenants
};

inline constexpr std::size_t kPaths = 3;

struct FileReplicaSpec {
  /// What an API consists of, by the path of each; 32 at most. Definition, sequences, endpoints, throttle policy.
  std::vector<Path> files{Path::kRuntimeArtifacts, Path::kRuntimeArtifacts, Path::kRuntimeArtifacts,
                          Path::kThrottlePolicies};
  /// How long after it was written a file of each path leaves, drawn for each file. Nothing: that path is not shared.
  std::array<std::optional<sim::Distribution>, kPaths> delay{};
  sim::Duration retry{sim::seconds(1)};           ///< while the way is cut, or a link has lost it: our assumption
  sim::Duration scan_interval{sim::seconds(15)};  ///< carbon.xml: DeploymentUpdateInterval
};

struct SvnTaskSpec {
  sim::Duration interval{sim::seconds(15)};  ///< carbon.xml: DeploymentUpdateInterval
  std::uint32_t least_without_word{300};     ///< in s
  std::uint32_t greatest_without_word{900};  ///< in s; > least
};

}  // namespace parallax::propagation::artifacts
