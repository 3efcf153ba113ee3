#include "cli/standard_output.h"

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <string>

#include "reports/files.h"

namespace parallax::cli {

void write_standard_output(std::string_view text) {
  errno = 0;
  const bool written = std::fwrite(text.data(), 1, text.size(), stdout) == text.size();
  if (written && std::fflush(stdout) == 0) return;
  throw reports::OutputError(std::string("stdout: cannot be written: ") + std::strerror(errno));
}

}  // namespace parallax::cli
