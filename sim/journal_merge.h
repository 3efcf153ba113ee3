// The journals of logical processes, put together in journal order, (time, site, number).
#pragma once

#include <span>
#include <vector>

#include "sim/record.h"

namespace parallax::sim {

/// Of one logical process: its sites' records come in order of time, but those of one instant as they were executed.
void sort_instants(std::vector<Record>& journal);

/// Requires: each of `journals` in journal order.
void merge_journals(std::span<const std::span<const Record>> journals, std::vector<Record>& merged);

}  // namespace parallax::sim
