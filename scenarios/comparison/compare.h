// Designs beside each other: the same seeds of each, and what is different between them.
#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <vector>

#include "scenarios/expect.h"
#include "scenarios/load.h"
#include "scenarios/run.h"
#include "scenarios/schema/comparison.pb.h"

namespace parallax::scenarios {

/// What one design gave.
struct DesignRun {
  schema::Result result;
  std::map<std::string, SeedValues> values;  ///< by metric
};

/// Runs one design over the seeds of `options`.
DesignRun run_design(const Loaded& design, const RunOptions& options);

/// Requires: at least two designs, all over the same seeds; `baseline` is one of them.
schema::Comparison compare(std::vector<DesignRun> designs, std::size_t baseline, const std::string& command);

}  // namespace parallax::scenarios
