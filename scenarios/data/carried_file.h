// Text files that are compiled into the binary, so that it alone suffices.
#pragma once

#include <span>
#include <string_view>

namespace parallax::scenarios::data {

struct CarriedFile {
  std::string_view path;  ///< below its folder: "clocks/gateway_ahead.txtpb"
  std::string_view text;
};

/// scenarios/data/round_trips, by name.
std::span<const CarriedFile> carried_round_trips();

/// All scenarios in scenarios/library and below, by path.
std::span<const CarriedFile> carried_library();

/// scenarios/library/claims.txtpb alone.
std::span<const CarriedFile> carried_claims();

/// scenarios/truth/truth.txtpb and the measured rows and testbeds below, by these paths.
std::span<const CarriedFile> carried_truth();

/// scenarios/schema/rule.proto and scenario.proto, by these paths.
std::span<const CarriedFile> carried_schema();

}  // namespace parallax::scenarios::data
