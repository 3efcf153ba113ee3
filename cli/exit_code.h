// What the exit code of `parallax` says to scripts.
#pragma once

#include <algorithm>
#include <array>

namespace parallax::cli {

enum class ExitCode {
  pass = 0,
  fail = 1,          ///< an expectation missed
  usage = 2,         ///< bad command line or scenario
  engine_fault = 3,  ///< our mistake: non-determinism, a broken invariant, an unexpected exception
  inconclusive = 4,
  output_failed = 6,
  interrupted = 130,
};

/// Of several outcomes the one to report: interrupted, then 3 > 6 > 2 > 1 > 4 > 0.
inline ExitCode graver(ExitCode a, ExitCode b) {
  using enum ExitCode;
  constexpr std::array kOrder{pass, inconclusive, fail, usage, output_failed, engine_fault, interrupted};
  return std::max(a, b, [&kOrder](ExitCode x, ExitCode y) {
    return std::find(kOrder.begin(), kOrder.end(), x) < std::find(kOrder.begin(), kOrder.end(), y);
  });
}

}  // namespace parallax::cli
