// Output files appear whole or not at all.
#pragma once

#include <filesystem>
#include <stdexcept>
#include <string_view>

namespace parallax::reports {

/// The file could not be written; the message names it and says why.
struct OutputError : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// Creates the folders above `path`, writes a temporary file beside it, brings it to the disk and renames it. When it
/// throws OutputError, `path` is as it was before and no temporary file is left.
void write_atomically(const std::filesystem::path& path, std::string_view content);

}  // namespace parallax::reports
