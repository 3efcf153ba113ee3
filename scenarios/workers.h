// Work that falls into pieces of which none needs another: threads take them in turn, the caller waits and reports.
#pragma once

#include <atomic>
#include <cstddef>
#include <functional>

namespace parallax::scenarios {

/// Does a piece. `stop` is set once nobody waits for it any more.
using WorkPiece = std::function<void(std::size_t piece, const std::atomic<bool>& stop)>;

/// Does the pieces from 0 to `count` - 1, `jobs` at a time. Calls `progress`, which may be empty, in the caller's
/// thread after each piece and ten times a second. What a piece or `progress` throws ends all that is under way and is
/// thrown again; of several pieces the least that fails, however many are done at a time.
void share_out(std::size_t count, unsigned jobs, const WorkPiece& work,
               const std::function<void(unsigned done, unsigned total)>& progress);

}  // namespace parallax::scenarios
