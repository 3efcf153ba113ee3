// A site's database: its parameters.
#pragma once

#include <cstddef>
#include <cstdint>

#include "models/propagation/schema/api_schema.h"
#include "models/propagation/schema/key_numbers.h"
#include "sim/time.h"

namespace parallax::propagation {

/// Token numbers stand for the random UUIDs of real tokens, so no two sites ever draw the same: every `increment`-th
/// from `start` on.
struct TokenNumbers {
  std::uint32_t start{0};
  std::uint32_t increment{1};
};

struct DatabaseSpec {
  sim::Duration access_time{};
  schema::ApiSchemaOptions schema{};
  schema::KeyNumbers numbers{};
  std::size_t data_centers{1};  ///< that write tokens, each with a DCID of its own
  bool is_read_only{false};
  bool cleans_revoked_tokens{true};  ///< each revocation takes expired ones off the list
  sim::Duration clock_offset{};      ///< of the clock that stamps its commits; may be negative
};

}  // namespace parallax::propagation
