// When everything happens that waits for something else to happen: faults on a condition and the steps of runbooks.
//
// Such a time is found by playing the run as far as is known and looking when the first of all conditions comes. What
// waits for it begins after it, so the run with it is the same up to there: the time holds, and the next is looked for.
// (But for answers that a gateway has in hand when it is lost or cut off: it draws the delay of their way when they
// leave, and otherwise when they are decided. Where links have jitter that shifts later calls, and with them a later
// condition, by less than the time that a backend takes.)
// What comes out is a scenario without conditions, whose every fault and task has a time, and the world
// need not know of any of this. It costs a part of a run for each condition.
#pragma once

#include <functional>
#include <span>
#include <vector>

#include "scenarios/runbook.h"
#include "scenarios/schema/scenario.pb.h"
#include "sim/record.h"

namespace parallax::scenarios {

struct Settled {
  schema::Scenario scenario;  ///< a fault that never comes still has its `when`
  std::vector<RunbookTimes> runbooks;
};

/// Takes records of the run in the journal's order; says whether it has seen enough.
enum class Seen : std::uint8_t { kNotEnough, kEnough };
using Reader = std::function<Seen(std::span<const sim::Record>)>;
/// Plays a scenario that has no conditions, from its start, until the reader has seen enough. Returns where it ended.
using Player = std::function<sim::VirtualTime(const schema::Scenario&, const Reader&)>;

/// Whether anything is to settle.
bool waits_for_something(const schema::Scenario& scenario);

/// Requires: a scenario that checking has passed.
Settled settle(const schema::Scenario& scenario, std::uint64_t seed, const Player& play);

}  // namespace parallax::scenarios
