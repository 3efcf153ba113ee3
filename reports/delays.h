// Delays of a scenario as a drawing and a table need them.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "scenarios/schema/scenario.pb.h"

namespace parallax::reports {

/// Nanoseconds of a scenario's duration, "1h30m" or "29956us"; nothing if it is not one.
std::optional<std::int64_t> length_of(std::string_view text);

/// The same in clock words: "30 ms"; other text stays.
std::string length_in_words(std::string_view text);

/// Its constant or its median.
std::int64_t typical_ns(const schema::Delay& delay);

/// How it is drawn: "always", "95 % within 30.2 ms", "10 to 20 ms".
std::string spread_words(const schema::Delay& delay);

}  // namespace parallax::reports
