// A small catalog and a database that starts with it.
#pragma once

#include "models/propagation/database.h"
#include "sim/simulation.h"

namespace parallax::propagation::testing {

inline constexpr sim::SiteId kSite{0};

/// Two applications; the second API and the second subscription do not exist yet.
inline domain::Catalog small_catalog() {
  using domain::ApiId;
  using domain::ApplicationId;
  using domain::Standing;
  using domain::TierId;
  domain::Catalog catalog;
  catalog.tiers = {{"Gold", domain::Limit{20, sim::minutes(1)}}, {"Unlimited", std::nullopt}};
  catalog.apis = {{Standing::kActive}, {Standing::kAbsent}, {Standing::kBlocked}};
  catalog.applications.resize(2);
  catalog.subscriptions = {{ApplicationId{0}, ApiId{0}, TierId{0}, Standing::kActive},
                           {ApplicationId{1}, ApiId{0}, TierId{0}, Standing::kAbsent},
                           {ApplicationId{1}, ApiId{2}, TierId{1}, Standing::kBlocked}};
  catalog.tokens = {{ApplicationId{0}, sim::VirtualTime{} + sim::seconds(100)},
                    {ApplicationId{1}, sim::VirtualTime{} + sim::seconds(200)}};
  return catalog;
}

inline DatabaseSpec numbered(DatabaseSpec spec) {
  if (spec.numbers.increment == 0) spec.numbers.increment = 1;
  return spec;
}

struct SmallWorld {
  domain::Catalog catalog{small_catalog()};
  sim::Simulation simulation{sim::SimulationSpec{.seed = 1, .sites = {"here"}, .links = {}, .outages = {}}};
  Database database;

  explicit SmallWorld(const DatabaseSpec& spec = {})
      : database{simulation.site(kSite), catalog, domain::LayerId{3}, numbered(spec)} {}
};

}  // namespace parallax::propagation::testing
