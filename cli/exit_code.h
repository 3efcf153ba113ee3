// What the exit code of `parallax` says to scripts.
#pragma once

#include <algorithm>
#include <array>
#include <string_view>

namespace parallax::cli {

enum class ExitCode {
  pass = 0,
  fail = 1,          ///< an expectation missed
  usage = 2,         ///< bad command line or scenario
  engine_fault = 3,  ///< our mistake: non-determinism, a broken invariant, an unexpected exception
  inconclusive = 4,
  nothing_selected = 5,
  output_failed = 6,
  interrupted = 130,
};

/// Of several outcomes the one to report: interrupted, then 3 > 6 > 2 > 5 > 1 > 4 > 0.
inline ExitCode graver(ExitCode a, ExitCode b) {
  using enum ExitCode;
  constexpr std::array kOrder{pass,  inconclusive,  fail,         nothing_selected,
                              usage, output_failed, engine_fault, interrupted};
  return std::max(a, b, [&kOrder](ExitCode x, ExitCode y) {
    return std::find(kOrder.begin(), kOrder.end(), x) < std::find(kOrder.begin(), kOrder.end(), y);
  });
}

/// pass, fail or inconclusive, as results have it.
inline ExitCode verdict_code(std::string_view verdict) {
  if (verdict == "pass") return ExitCode::pass;
  return verdict == "fail" ? ExitCode::fail : ExitCode::inconclusive;
}

}  // namespace parallax::cli
