// What holds of every run, whatever the deployment: checked by all tests of whole worlds.
#pragma once

#include "tests/models/support/run.h"

namespace parallax::test {

/// Fails the running test case where one does not hold: the pieces of every window add up to it and name a stage; who
/// decided on an old version was inside its window; wrong decisions have one cause each; wrong allows of limits are the
/// over-admission; the books of the clients balance and agree with the journal; the oracle finds the same wrong
/// decisions.
void check_invariants(const Run& run);

}  // namespace parallax::test
