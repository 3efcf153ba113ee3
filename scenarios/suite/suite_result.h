// A suite as the message that is kept of it, and back: what its reports are made of, once it has run or later.
#pragma once

#include <string>

#include "scenarios/schema/suite.pb.h"
#include "scenarios/suite/suite.h"

namespace parallax::scenarios::suite {

inline constexpr const char* kResultSchema = "parallax.suite/1";

/// `version` is that of the engine.
schema::SuiteResult message_of(const Suite& suite, const std::string& version);

/// States and differences are found again. Requires: the message has kResultSchema.
Suite suite_of(const schema::SuiteResult& message);

}  // namespace parallax::scenarios::suite
