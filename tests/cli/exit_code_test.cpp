#include "cli/exit_code.h"

#include <catch2/catch.hpp>

namespace parallax::cli {
namespace {

TEST_CASE("of several outcomes the graver one is reported") {
  using enum ExitCode;
  // 3 > 2 > 1 > 4 > 0; output errors stand behind our own faults, and an interrupt tells why the rest is missing. 5
  // comes alone.
  const ExitCode order[] = {pass,  inconclusive,  fail,         nothing_selected,
                            usage, output_failed, engine_fault, interrupted};
  for (std::size_t low = 0; low < std::size(order); ++low) {
    for (std::size_t high = low; high < std::size(order); ++high) {
      CHECK(graver(order[low], order[high]) == order[high]);
      CHECK(graver(order[high], order[low]) == order[high]);
    }
  }
}

}  // namespace
}  // namespace parallax::cli
