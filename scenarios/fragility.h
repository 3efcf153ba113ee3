// Which inputs that nobody chose decide the verdict: each default is halved and doubled, alone, on common random
// numbers.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "scenarios/run.h"
#include "scenarios/schema/result.pb.h"

namespace parallax::scenarios {

/// One default at another value, at all places of the scenario where it stands with the same one: a figure of a
/// profile, or ours, is right or wrong at all of them together.
struct DefaultNudge {
  std::string path;  ///< "sites[*].gateway.token_cache.ttl"
  std::string from;
  std::string to;
  std::vector<std::string> overrides;  ///< "sites[us-east].gateway.token_cache.ttl=450s", ...
};

/// Half and twice each default that is a length, a rate or a number and not zero, in the order of the schema. Of whole
/// numbers that are odd there is no half.
std::vector<DefaultNudge> default_nudges(const schema::Result& result);

/// Runs the scenario of `result` again with each, over the seeds of `options`, which should be those of the result.
/// A value that a scenario may not have is left out. `options.progress` is told of nudges.
schema::Fragility fragility_of(const schema::Result& result, const RunOptions& options);

}  // namespace parallax::scenarios
