// The journals of logical processes, put together in journal order, (time, site, number).
#pragma once

#include <span>
#include <vector>

#include "sim/record.h"

namespace parallax::sim {

/// Of one logical process: its sites' records come in order of time, but those of one instant as they were executed.
void sort_instants(std::vector<Record>& journal);

/// Uses up `journals`. Allocates nothing if `merged` has had room for as many. Requires: each in journal order.
void merge_journals(std::vector<std::span<const Record>>& journals, std::vector<Record>& merged);

}  // namespace parallax::sim
