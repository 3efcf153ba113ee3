// Whole requests through the whole world, with the audit on: what a scenario costs, and how that grows.
#pragma once

#include <cstdint>
#include <string>

namespace parallax::bench {

struct WorldOutcome {
  std::uint64_t requests{0};
  std::uint64_t events{0};
  std::uint64_t decisions{0};
  double seconds{0};       ///< of the run and its audit, without set-up
  double bare_seconds{0};  ///< of the same decisions alone; 0 if they were not made again
};

/// One seed of a scenario of the library.
WorldOutcome library_run(const std::string& name);

/// The decisions of that run, made again in a bare loop.
WorldOutcome library_run_bare(const std::string& name);

/// `data_centers` with two nodes and a region of users each, 125 requests/s from every region, replicated every way.
std::string mesh_scenario(std::uint32_t data_centers, std::uint32_t seconds);
WorldOutcome mesh_run(std::uint32_t data_centers, std::uint32_t seconds);

}  // namespace parallax::bench
