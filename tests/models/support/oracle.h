// The audit's decision check once more, as plainly as it can be said: every decision is taken again on one instantly
// consistent copy, kept in std::maps, without versions or short cuts. It shares no code with the audit or the logic.
#pragma once

#include <cstdint>
#include <map>
#include <tuple>

#include "models/audit/findings.h"
#include "tests/models/support/run.h"

namespace parallax::test {

struct Verdicts {
  std::map<std::tuple<audit::DecisionError, audit::Why>, std::uint64_t> by_why;
  /// Node, minute, error.
  std::map<std::tuple<std::size_t, std::size_t, audit::DecisionError>, std::uint64_t> by_minute;
};

Verdicts judge_again(const Run& run);

/// The same tables from what the audit has found.
Verdicts verdicts_of(const audit::Findings& findings);

}  // namespace parallax::test
