// What a call comes to behind the gateway.
#pragma once

#include <algorithm>
#include <cstdint>

#include "models/domain/outcome.h"
#include "sim/time.h"

namespace parallax::logic::gateway {

struct BackendTimeouts {
  sim::Duration global{sim::seconds(120)};  ///< synapse.global_timeout_interval, product default
  sim::Duration socket{sim::seconds(180)};  ///< http.socket.timeout, product default
  sim::Duration endpoint{};                 ///< of the API's own endpoint; 0: none is set

  /// The one that ends the wait.
  sim::Duration least() const {
    const sim::Duration shared = std::min(global, socket);
    return endpoint.ns > 0 ? std::min(endpoint, shared) : shared;
  }
};

enum class Connection : std::uint8_t { kMade, kRefused };

/// Of a backend that would answer after `needed`, whatever it answers.
inline domain::Outcome backend_outcome(Connection connection, sim::Duration needed, const BackendTimeouts& timeouts) {
  if (connection == Connection::kRefused) return domain::Outcome::kBackendUnreachable;
  return needed < timeouts.least() ? domain::Outcome::kAdmitted : domain::Outcome::kBackendTimeout;
}

}  // namespace parallax::logic::gateway
