// A pool of connections to a database at another site.
#pragma once

#include <cstdint>

#include "sim/time.h"

namespace parallax::propagation {

/// carbon-kernel's and product-apim's master-datasources.xml: maxActive 50, maxWait 60000, testOnBorrow with a
/// validationInterval of 30000.
struct ConnectionPoolSpec {
  std::uint32_t connections{50};
  sim::Duration longest_wait{sim::seconds(60)};  ///< for a free one; then the statement fails
  sim::Duration validation_interval{sim::seconds(30)};
  sim::Duration connect_timeout{sim::seconds(10)};  ///< PostgreSQL's JDBC driver: connectTimeout 10 s
  /// PostgreSQL: start-up packet, then the password (SCRAM: two exchanges), then parameters and ReadyForQuery; with
  /// TCP's own that is four.
  std::uint32_t handshake_round_trips{4};
  sim::Duration service_time{};  ///< at the other end, before a reading statement is run and after it
};

}  // namespace parallax::propagation
