// Runs a measurement in a process of its own, so that its peak memory is its own and nothing of the one before it is
// warm.
#pragma once

#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <stdexcept>
#include <type_traits>

namespace parallax::bench {

template <typename Outcome>
struct Measured {
  Outcome outcome{};
  double peak_mib{0};
};

/// Requires: an outcome without pointers.
template <typename Call>
auto in_child(Call&& call) -> Measured<decltype(call())> {
  using Outcome = decltype(call());
  static_assert(std::is_trivially_copyable_v<Outcome>);
  int ends[2];
  if (pipe(ends) != 0) throw std::runtime_error("no pipe");
  const pid_t child = fork();
  if (child < 0) throw std::runtime_error("no child process");
  if (child == 0) {
    Measured<Outcome> measured{call(), 0};
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    measured.peak_mib = static_cast<double>(usage.ru_maxrss) / 1024;
    _exit(write(ends[1], &measured, sizeof measured) == static_cast<ssize_t>(sizeof measured) ? 0 : 1);
  }
  close(ends[1]);
  Measured<Outcome> measured;
  const bool arrived = read(ends[0], &measured, sizeof measured) == static_cast<ssize_t>(sizeof measured);
  close(ends[0]);
  int status = 0;
  waitpid(child, &status, 0);
  if (!arrived || status != 0) throw std::runtime_error("a measurement failed");
  return measured;
}

}  // namespace parallax::bench
