// The scenarios that a suite names: files, and whatever is in folders.
#pragma once

#include <string>
#include <vector>

namespace parallax::cli {

/// A path that is no folder stands for itself. A folder stands for all *.txtpb in it and below, by name, but for those
/// whose head says that they are something else ("# proto-message: parallax.schema.Claims"); links to folders are not
/// followed. Each file once. Throws std::filesystem::filesystem_error where a folder cannot be read.
std::vector<std::string> scenario_files(const std::vector<std::string>& paths);

}  // namespace parallax::cli
