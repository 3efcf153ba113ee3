// What a suite keeps of a result.
#pragma once

#include <cstdint>
#include <string>

#include "scenarios/schema/result.pb.h"
#include "scenarios/schema/suite.pb.h"

namespace parallax::scenarios::suite {

inline constexpr const char* kRecordSchema = "parallax.history/1";

/// With the suite's verdict (holding.h), not the result's. `config` is the hash of the scenario (config_hash.h).
schema::SuiteRecord record_of(const schema::Result& result, const std::string& config);

/// Digits of a run's checkpoints that tell one virtual second.
inline constexpr std::size_t kCheckpointDigits = 8;

/// Whole virtual seconds of all its runs.
std::uint64_t virtual_seconds(const schema::SuiteRecord& record);

}  // namespace parallax::scenarios::suite
