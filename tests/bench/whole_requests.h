// Whole requests through the whole world, with the audit on: what a scenario costs, and how that grows.
#pragma once

#include <cstdint>
#include <string>

namespace parallax::bench {

struct WorldOutcome {
  std::uint64_t requests{0};
  std::uint64_t events{0};
  std::uint64_t decisions{0};
  double seconds{0};       ///< of CPU time, of the run and its audit, without set-up
  double bare_seconds{0};  ///< of the same decisions alone; 0 if they were not made again
};

/// One seed of a busy deployment of the library.
WorldOutcome library_run(const std::string& name);

/// The same without an audit. `decisions` is 0, for nobody counts them.
WorldOutcome library_run_unaudited(const std::string& name);

/// The decisions of that run, made again in a bare loop.
WorldOutcome library_run_bare(const std::string& name);

/// Data centers with two nodes and a region of users each, replicated every way; 20,000 tokens among all.
struct MeshSize {
  std::uint32_t data_centers;
  std::uint32_t seconds;  ///< of virtual time
  std::uint32_t rate;     ///< requests a second from each region
};
WorldOutcome mesh_run(const MeshSize& size);

/// How clients come by addresses: their region's resolvers together, or a zone, resolvers and each a cache of its own.
enum class Names { kGeoDns, kZone };

/// So many clients, spread over so many regions, of two data centers, of which one is lost for three of ten minutes.
struct CrowdSize {
  Names names;
  std::uint32_t clients;
  std::uint32_t regions;
  std::uint32_t rate;  ///< requests a second from each region
};
WorldOutcome crowd_run(const CrowdSize& size);

}  // namespace parallax::bench
