// How long a report takes to make, and how large it is.
#pragma once

#include <cstdint>

namespace parallax::bench {

struct PageOutcome {
  std::uint64_t requests{0};
  double seconds{0};  ///< of CPU time, for the page alone
  double mib{0};
  bool is_same_again{false};  ///< byte for byte
};

/// The report of a busy active_active over so many seeds; some million requests each.
PageOutcome library_page(std::uint32_t seeds);

}  // namespace parallax::bench
