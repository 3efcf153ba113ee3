// Two nodes in front of one database, as the audit sees them; and records as the models would write them.
#pragma once

#include "models/audit/setup.h"
#include "models/domain/catalog.h"
#include "models/domain/journal.h"

namespace parallax::audit {

inline constexpr domain::NodeId kA{0};
inline constexpr domain::NodeId kB{1};
inline constexpr domain::LayerId kCacheA{0};
inline constexpr domain::LayerId kArtifactsA{1};
inline constexpr domain::LayerId kCacheB{2};
inline constexpr domain::LayerId kArtifactsB{3};
inline constexpr domain::LayerId kDatabase{4};
inline constexpr domain::SubscriptionId kSubscription{0};
inline constexpr domain::Version kFirst = domain::Version::of(1, sim::SiteId{0});
inline constexpr domain::Version kSecond = domain::Version::of(2, sim::SiteId{0});

constexpr sim::VirtualTime at(std::int64_t seconds) { return sim::VirtualTime{} + sim::seconds(seconds); }

/// One application with one token, subscribed to API 0 with `limit` requests a minute; API 1 is not published yet.
inline domain::Catalog one_of_each(std::uint64_t limit = 20, sim::VirtualTime token_expires = sim::kNever) {
  domain::Catalog catalog;
  catalog.tiers = {{"tier", domain::Limit{limit, sim::minutes(1)}}};
  catalog.apis = {{domain::Standing::kActive}, {domain::Standing::kAbsent}};
  catalog.subscriptions = {{domain::ApplicationId{0}, domain::ApiId{0}, domain::TierId{0}}};
  catalog.applications = {{{kSubscription}}};
  catalog.tokens = {{domain::ApplicationId{0}, token_expires}};
  return catalog;
}

/// Refers to `catalog`. Without a cluster: each counter sees its own node.
inline Setup two_nodes(const domain::Catalog& catalog, sim::Duration event_delay = {}) {
  Setup setup;
  setup.catalog = &catalog;
  setup.layers = 5;
  setup.replicas = {kDatabase};
  setup.sites = 1;
  setup.region_of_population = {sim::SiteId{0}};
  setup.observers.push_back({sim::SiteId{0}, {{{kCacheA, kDatabase}, {kArtifactsA}, {kDatabase}}}, {kA}, event_delay});
  setup.observers.push_back({sim::SiteId{0}, {{{kCacheB, kDatabase}, {kArtifactsB}, {kDatabase}}}, {kB}, event_delay});
  // Each hears of everything at its own broker.
  for (std::size_t node = 0; node < setup.observers.size(); ++node) {
    setup.observers[node].hears_at = {{static_cast<domain::NodeId>(node), {true, true, true}}};
    setup.observers[node].acts_on = {true, true, true};
  }
  return setup;
}

/// Numbers records as one site does.
class Scribe {
 public:
  template <typename Struct>
  sim::Record write(sim::VirtualTime time, const Struct& what, sim::RecordId cause = {}) {
    return {time, sim::RecordId::of(sim::SiteId{0}, ++written_), cause, what.pack()};
  }

 private:
  std::uint64_t written_{0};
};

}  // namespace parallax::audit
