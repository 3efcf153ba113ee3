// The configuration that a result carries becomes a scenario again, with further overrides.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "scenarios/load.h"
#include "scenarios/schema/result.pb.h"

namespace parallax::scenarios {

/// As if the scenario's file were loaded with its overrides and these behind them: what the result says to be a default
/// is filled in anew, since an override of a profile brings other ones. Mutations are left out: they are of the file,
/// and its overrides may have taken away what they are about. Problems speak of `file`, at 1:1 if they are of the
/// configuration.
LoadOutcome reload(std::string_view file, const schema::Result& result, std::span<const std::string> overrides);

}  // namespace parallax::scenarios
