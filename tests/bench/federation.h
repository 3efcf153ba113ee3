// The engine alone on one thread and on two: sites that keep themselves busy and now and then send each other
// something, with enough work in each window to be worth a second thread.
#pragma once

#include <cstdint>

namespace parallax::bench {

struct FederationSize {
  std::uint32_t sites;
  std::uint32_t events_per_window;  ///< at each site
  std::uint32_t windows;
};

struct FederationOutcome {
  std::uint64_t events{0};
  std::uint64_t checksum{0};  ///< depends on the order of events at each site
  double seconds{0};
};

/// Some 300 ns of dependent work in each event; one in a hundred is sent to another site, a window away.
FederationOutcome federation(const FederationSize& size, unsigned threads);

}  // namespace parallax::bench
