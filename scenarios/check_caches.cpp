#include <fmt/format.h>

#include <map>
#include <set>
#include <string>

#include "scenarios/check_word.h"
#include "scenarios/compile_caches.h"
#include "scenarios/expect_place.h"
#include "scenarios/nodes.h"
#include "scenarios/sense.h"
#include "scenarios/wording.h"

namespace parallax::scenarios {
namespace {

constexpr int kSidesMax = 32;     // propagation/caches/roster.h: SideSet
constexpr int kMembersMax = 255;  // likewise: MemberId

void check_cache_words(const schema::CacheCluster& cluster, Reporter& reporter) {
  check_word(cluster, "tells", cluster.tells(), tells_words(), reporter);
  check_word(cluster, "on_receipt", cluster.on_receipt(), on_receipt_words(), reporter);
  check_word(cluster, "copy_age", cluster.copy_age(), copy_age_words(), reporter);
  check_word(cluster, "on_expiry", cluster.on_expiry(), on_expiry_words(), reporter);
  check_word(cluster, "merge_policy", cluster.merge_policy(), merge_policy_words(), reporter);
  if (!cluster.map() && cluster.tells() == "nothing") {
    reporter.report(cluster, "map",
                    fmt::format("members of {} share no map and tell each other nothing; expected map: true, or "
                                "tells: \"removals\"",
                                quoted(cluster.name())));
  }
  if (cluster.on_receipt() == "remove_anew" && cluster.tells() == "nothing") {
    reporter.report(cluster, "on_receipt",
                    "on_receipt where nobody tells anything; expected tells: \"removals\" or \"puts_too\"");
  }
}

// What is to be shared must be there: gateways that ask about tokens and remember the answers.
void check_sharing_site(const schema::CacheCluster& cluster, int index, const schema::Site& site, Reporter& reporter) {
  const auto refuse = [&](const std::string& why) { reporter.report(cluster, "sites", why, index); };
  if (!has_part(site, runtime::Part::kGateway)) {
    refuse(fmt::format("{} has no gateway; expected a site that has one", quoted(site.name())));
  }
  if (site.key_manager().tokens() == "jwt") {
    refuse(
        fmt::format("gateways of {} decide on JWTs by themselves and have nothing to share; expected key_manager "
                    "{{ tokens: \"opaque\" }}",
                    quoted(site.name())));
  }
  if (!site.gateway().token_cache().enabled()) {
    refuse(
        fmt::format("gateways of {} cache no tokens; expected token_cache {{ enabled: true }}", quoted(site.name())));
  }
}

int gateways_of(const schema::Site& site) {
  int count = 0;
  for (const runtime::PartSet& parts : parts_of(site)) count += parts.has(runtime::Part::kGateway) ? 1 : 0;
  return count;
}

void check_cache_sites(const schema::Scenario& scenario, const schema::CacheCluster& cluster,
                       std::map<std::string, std::string>& cluster_of, Reporter& reporter) {
  int members = 0;
  std::set<std::string> seen;
  for (int i = 0; i < cluster.sites_size(); ++i) {
    const std::string& name = cluster.sites(i);
    expect_site(cluster, "sites", name, scenario, reporter, i);
    const schema::Site* site = site_named(scenario, name);
    if (site == nullptr) continue;
    if (!seen.insert(name).second) {
      reporter.report(cluster, "sites", fmt::format("{} is named twice; expected each site once", quoted(name)), i);
      continue;
    }
    check_sharing_site(cluster, i, *site, reporter);
    members += gateways_of(*site);
    const auto [place, is_new] = cluster_of.emplace(name, cluster.name());
    if (!is_new) {
      reporter.report(cluster, "sites",
                      fmt::format("{} is in cache cluster {} already; expected one cluster a site", quoted(name),
                                  quoted(place->second)),
                      i);
    }
  }
  if (cluster.sites_size() > kSidesMax || members > kMembersMax) {
    reporter.report(cluster, fmt::format("{} sites and {} gateways; expected at most {} and {}", cluster.sites_size(),
                                         members, kSidesMax, kMembersMax));
  }
}

}  // namespace

void check_cache_clusters(const schema::Scenario& scenario, Reporter& reporter) {
  std::map<std::string, std::string> cluster_of;  // by site
  for (const schema::CacheCluster& cluster : scenario.cache_clusters()) {
    check_cache_words(cluster, reporter);
    check_cache_sites(scenario, cluster, cluster_of, reporter);
  }
}

}  // namespace parallax::scenarios
