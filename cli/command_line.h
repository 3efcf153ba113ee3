// The command that makes one result again, as a person would type it.
#pragma once

#include <string>
#include <string_view>

#include "cli/arguments.h"

namespace parallax::cli {

/// One word of a POSIX shell; in single quotes unless it needs none.
std::string shell_word(std::string_view text);

/// "parallax run FILE", "parallax check PATH..." or "parallax explain RESULT ID" with the options that shape the
/// result, and none that only say where it goes.
std::string reproducing_command(const RunArguments& arguments, const std::string& file);
std::string reproducing_command(const CheckArguments& arguments);
std::string reproducing_command(const ExplainArguments& arguments);
std::string reproducing_command(const TruthArguments& arguments);
std::string reproducing_command(const CompareArguments& arguments);
std::string reproducing_command(const BacktestArguments& arguments);

/// Those of its options that make another scenario of a file: "--set duration=5m"; empty if there are none.
std::string changing_options(const RunArguments& arguments);

}  // namespace parallax::cli
