#include "models/world/catalog_builder.h"

#include <algorithm>
#include <optional>

#include "sim/random.h"

namespace parallax::world {

namespace {

using domain::ApiId;
using domain::ApplicationId;
using domain::Catalog;
using domain::Standing;

// Tiers in turn by their shares: shares 2 and 1 give 0, 0, 1, 0, 0, 1, ...
std::vector<domain::TierId> tier_cycle(const CatalogConfig& config) {
  std::vector<domain::TierId> cycle;
  for (std::size_t tier = 0; tier < config.tiers.size(); ++tier) {
    cycle.insert(cycle.end(), config.tiers[tier].share, static_cast<domain::TierId>(tier));
  }
  return cycle;
}

// Distinct APIs, the first of them published.
std::vector<ApiId> choose_apis(const CatalogConfig& config, sim::Stream& stream) {
  const std::uint32_t wanted = std::min(config.subscriptions_per_application, config.apis);
  std::vector<ApiId> chosen{static_cast<ApiId>(stream.below(config.apis - config.unpublished_apis))};
  while (chosen.size() < wanted) {
    const auto api = static_cast<ApiId>(stream.below(config.apis));
    if (std::find(chosen.begin(), chosen.end(), api) == chosen.end()) chosen.push_back(api);
  }
  return chosen;
}

void add_subscriptions(const CatalogConfig& config, std::uint64_t seed, Catalog& catalog) {
  const std::vector<domain::TierId> cycle = tier_cycle(config);
  sim::Stream stream{seed, "catalog", "subscriptions"};
  for (std::uint32_t id = 0; id < config.applications; ++id) {
    domain::Application application;
    for (const ApiId api : choose_apis(config, stream)) {
      const auto subscription = static_cast<domain::SubscriptionId>(catalog.subscriptions.size());
      const domain::TierId tier = cycle[catalog.subscriptions.size() % cycle.size()];
      application.subscriptions.push_back(subscription);
      catalog.subscriptions.push_back({static_cast<ApplicationId>(id), api, tier});
    }
    catalog.applications.push_back(std::move(application));
  }
}

// An API that the application has no subscription to yet, published at the start; none if it has them all.
std::optional<ApiId> choose_further_api(const CatalogConfig& config, const Catalog& catalog, ApplicationId application,
                                        sim::Stream& stream) {
  const std::uint32_t published = config.apis - config.unpublished_apis;
  const auto first = static_cast<std::uint32_t>(stream.below(published));
  for (std::uint32_t step = 0; step < published; ++step) {
    const auto api = static_cast<ApiId>((first + step) % published);
    if (catalog.subscription(application, api) == domain::kNoSubscription) return api;
  }
  return std::nullopt;
}

void add_later_subscriptions(const CatalogConfig& config, std::uint64_t seed, Catalog& catalog) {
  const std::vector<domain::TierId> cycle = tier_cycle(config);
  sim::Stream stream{seed, "catalog", "subscriptions to add"};
  for (std::uint32_t i = 0; i < config.subscriptions_to_add; ++i) {
    const auto application = static_cast<ApplicationId>(i % config.applications);
    const auto api = choose_further_api(config, catalog, application, stream);
    if (!api) continue;
    const auto id = static_cast<domain::SubscriptionId>(catalog.subscriptions.size());
    const domain::TierId tier = cycle[catalog.subscriptions.size() % cycle.size()];
    catalog.applications[domain::index(application)].subscriptions.push_back(id);
    catalog.subscriptions.push_back({application, *api, tier, Standing::kAbsent});
  }
}

}  // namespace

domain::Catalog build_catalog(const CatalogConfig& config, std::uint64_t seed) {
  Catalog catalog;
  for (const auto& weighted : config.tiers) catalog.tiers.push_back(weighted.tier);
  for (std::uint32_t api = 0; api < config.apis; ++api) {
    const bool is_published = api < config.apis - config.unpublished_apis;
    catalog.apis.push_back({is_published ? Standing::kActive : Standing::kAbsent});
  }
  add_subscriptions(config, seed, catalog);
  add_later_subscriptions(config, seed, catalog);
  sim::Stream ages{seed, "catalog", "token ages"};
  for (std::uint32_t token = 0; token < config.tokens; ++token) {
    const auto left = static_cast<std::int64_t>(ages.below(static_cast<std::uint64_t>(config.token_validity.ns))) + 1;
    const auto& laws = config.jurisdictions;
    const domain::Jurisdiction law = laws.empty() ? domain::Jurisdiction{} : laws[token % laws.size()];
    catalog.tokens.push_back({static_cast<ApplicationId>(token % config.applications), sim::VirtualTime{left}, law});
  }
  return catalog;
}

}  // namespace parallax::world
