// The files of one run. Wall-clock facts go to timing.json alone, so that the others are byte-identical when made
// again.
#pragma once

#include <filesystem>
#include <string>

#include "scenarios/run.h"

namespace parallax::cli {

/// Creates the folder now, so that one that cannot be written ends the command before it simulates anything. Throws
/// reports::OutputError.
void prepare_folder(const std::filesystem::path& folder);

/// report.html, result.json and timing.json. Throws reports::OutputError.
void write_files(const std::filesystem::path& folder, const scenarios::RunOutput& output);

/// report.html and result.json alone, of a design. Throws reports::OutputError.
void write_result(const std::filesystem::path& folder, const schema::Result& result);

/// "simulated 720000 requests in 3.2 s: 225000 requests/s".
std::string speed_line(const scenarios::Timing& timing);

}  // namespace parallax::cli
