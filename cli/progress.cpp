#include "cli/progress.h"

#include <fmt/format.h>
#include <unistd.h>

#include <cstdio>
#include <utility>

namespace parallax::cli {
namespace {

constexpr const char* kWipe = "\r\033[K";  // to the start of the line, erase to its end

}  // namespace

Progress::Progress(std::string what)
    : what_{std::move(what)},
      where_{isatty(STDERR_FILENO) != 0 ? Where::terminal : Where::nowhere},
      start_{std::chrono::steady_clock::now()} {}

Progress::~Progress() {
  if (where_ == Where::terminal) std::fputs(kWipe, stderr);
}

void Progress::show(unsigned done, unsigned total, std::string_view of) {
  if (where_ == Where::nowhere) return;
  const std::chrono::duration<double> spent = std::chrono::steady_clock::now() - start_;
  std::string left;
  if (done > 0 && done < total) left = fmt::format(", {:.0f} s left", spent.count() * (total - done) / done);
  std::fputs(fmt::format("{}{}: {}/{} {}{}", kWipe, what_, done, total, of, left).c_str(), stderr);
  std::fflush(stderr);
}

}  // namespace parallax::cli
