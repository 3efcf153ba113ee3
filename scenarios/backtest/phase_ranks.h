// Which phases of a drill are longer or shorter than the scenario's, when many are looked at: four of each population.
//
// Asked one by one, each at 5 %, every third drill of the scenario itself would have one that is off. And by ranks
// alone no phase could be named with thirty seeds: the least p of two sides and four phases is 8 / 31. So each phase
// says by how many widths a member is away from the middle of all, the drill among them, and what counts is the
// greatest of a member's phases (Westfall and Young 1993, single step). By that every member is ranked alike, so the
// drill is as likely as any other to be the farthest: in one of twenty drills that the scenario does explain some phase
// is named, or in fewer, however the phases hang together and whatever they look like.
#pragma once

#include <vector>

namespace parallax::scenarios::backtest {

/// One phase of one population, in seconds: the drill first, then the seeds.
using PhaseSeconds = std::vector<double>;

/// Of each phase the share of members (drill and seeds) one of whose phases is as far off, to whatever side. A width is
/// that of the 80 % on that side of the median, and no less than `resolution_s`. Requires: as many members in each,
/// twenty at least; resolution_s > 0.
std::vector<double> adjusted_ps(const std::vector<PhaseSeconds>& phases, double resolution_s);

}  // namespace parallax::scenarios::backtest
