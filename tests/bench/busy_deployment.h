// The active-active deployment of the library with more calls than it has there: enough for a figure that stands.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace parallax::bench {

inline std::filesystem::path deployment_file(const std::string& name) {
  return std::filesystem::path{PARALLAX_SOURCE_DIR} / "scenarios" / "library" / "deployments" / (name + ".txtpb");
}

/// Some 250 calls a second, a large catalog, and limits that few reach.
inline std::vector<std::string> busy() {
  return {"workload.populations[america].rate=117/s",
          "workload.populations[europe].rate=67/s",
          "workload.populations[asia].rate=67/s",
          "catalog.applications=500",
          "catalog.apis=200",
          "catalog.tokens=20000",
          "catalog.tiers[Gold].limit=5000/m"};
}

}  // namespace parallax::bench
