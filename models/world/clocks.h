// Which clocks are off, by how much, and who reads them.
#pragma once

#include <cstdint>
#include <vector>

#include "models/domain/clock_error.h"
#include "models/world/config.h"
#include "models/world/data_center.h"

namespace parallax::world {

/// By NodeId; none where all clocks are right.
std::vector<domain::ClockError> clock_errors(const WorldConfig& config);

/// `errors` outlive the data centers. A gateway that asks about tokens reads the clock of its own node's key manager,
/// or of the first one of the data center that it asks: which of several answers makes no difference but for this.
void set_clocks(const WorldConfig& config, const std::vector<domain::ClockError>& errors, DataCenters& data_centers);

/// How often nodes have read a clock that was off, added to the sums by fault number.
void add_clock_readings(const DataCenters& data_centers, std::vector<std::uint64_t>& by_fault);

}  // namespace parallax::world
