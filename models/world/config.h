// A deployment, its work and its faults, as plain values: checked, with every default filled in.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "models/domain/catalog.h"
#include "models/propagation/cluster.h"
#include "models/runtime/node.h"
#include "sim/distribution.h"
#include "sim/network.h"
#include "sim/time.h"

namespace parallax::world {

struct SiteConfig {
  std::string name;
  std::vector<std::string> nodes;  ///< empty: a client region
  runtime::NodeSpec node;
  sim::Duration database_access{};
  std::optional<propagation::ClusterSpec> cluster;
};

struct CatalogConfig {
  std::uint32_t apis{1};
  std::uint32_t unpublished_apis{0};  ///< the last ones; they are published during the run
  std::uint32_t applications{1};
  std::uint32_t subscriptions_per_application{1};
  std::uint32_t tokens{1};
  struct WeightedTier {
    domain::Tier tier;
    std::uint32_t share{1};
  };
  std::vector<WeightedTier> tiers;  ///< at least one
  sim::Duration token_validity{};   ///< ages at the start are uniform over it
};

struct PopulationConfig {
  std::string name;
  sim::SiteId region{};
  sim::SiteId target{};
  sim::Distribution gap;
  double token_popularity{1};
  sim::Duration timeout{};
};

struct RevocationConfig {
  std::string name;
  sim::SiteId site{};
  sim::VirtualTime from;
  sim::VirtualTime until;
  sim::Distribution gap;
};

/// APIs first..first+count-1 are published one after the other: each at an instant drawn uniformly from its own of
/// `count` equal parts of [from, until), so that no schedule falls into step with a poll.
struct PublicationConfig {
  std::string name;
  sim::SiteId site{};
  sim::VirtualTime from;
  sim::VirtualTime until;
  domain::ApiId first{};
  std::uint32_t count{0};
  sim::Distribution operator_delay;
};

struct WorldConfig {
  std::uint64_t seed{1};
  sim::Duration duration{};
  std::vector<SiteConfig> sites;  ///< data centers and client regions; SiteId is the index
  std::vector<sim::LinkSpec> links;
  std::vector<sim::LinkOutage> outages;
  std::uint32_t faults{0};
  CatalogConfig catalog;
  std::vector<PopulationConfig> populations;
  std::vector<RevocationConfig> revocations;
  std::vector<PublicationConfig> publications;
};

}  // namespace parallax::world
