// What has become of a scenario since it was blessed.
#pragma once

#include <string_view>

#include "scenarios/schema/suite.pb.h"

namespace parallax::scenarios::suite {

/// In the order in which a reader should see them.
enum class State {
  kFault,         ///< no result: the engine gave up
  kRegressed,     ///< it fails and did not, or misses an expectation that it did not miss
  kInconclusive,  ///< it was decided, and is not any more
  kMoved,         ///< the verdict is the same, but some seed went another way
  kNew,           ///< nothing was blessed
  kImproved,      ///< it passes and did not, or fails by less expectations
  kSame,
};

std::string_view to_string(State state);

/// `before` is null where nothing was blessed. Seeds that only one of them ran are not compared.
State state_of(const schema::SuiteRecord* before, const schema::SuiteRecord& now);

}  // namespace parallax::scenarios::suite
