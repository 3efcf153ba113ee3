// stdout as an output that can fail: a full disk behind a redirection is not success.
#pragma once

#include <string_view>

namespace parallax::cli {

/// Writes and flushes; throws reports::OutputError.
void write_standard_output(std::string_view text);

}  // namespace parallax::cli
