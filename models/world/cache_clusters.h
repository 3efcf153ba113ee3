// Gateways that share their token caches: one cluster of a data center's gateways, or of those of several, over the
// links between them.
#pragma once

#include <memory>
#include <vector>

#include "models/propagation/caches/cache_cluster.h"
#include "models/runtime/shared_tokens.h"
#include "models/world/config.h"
#include "models/world/data_center.h"

namespace parallax::world {

class CacheCluster {
 public:
  /// `data_centers`: by site, null for regions. Before the run.
  CacheCluster(const CacheClusterConfig& config, const WorldConfig& world, const DataCenters& data_centers);
  CacheCluster(const CacheCluster&) = delete;
  CacheCluster& operator=(const CacheCluster&) = delete;

  void start() { cluster_.start(); }

  /// Its gateways close their books. Once, at the end of the run.
  void close();

 private:
  std::vector<runtime::Node*> members_;  ///< by MemberId
  runtime::AnswersBooks books_;          ///< likewise
  propagation::caches::CacheCluster cluster_;
};

}  // namespace parallax::world
