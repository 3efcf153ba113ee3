#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <string>
#include <vector>

#include "scenarios/check_word.h"
#include "scenarios/checked_text.h"
#include "scenarios/compile_zone.h"
#include "scenarios/expect_place.h"
#include "scenarios/sense.h"
#include "scenarios/units.h"
#include "scenarios/wording.h"

namespace parallax::scenarios {
namespace {

/// What stands there has no power of its own to lose, so it stands where nothing is lost.
void expect_region(const schema::Scenario& scenario, const google::protobuf::Message& owner, const char* field,
                   const std::string& place, const char* what, Reporter& reporter, int index = 0) {
  if (place.empty() || is_region(scenario, place) || !is_site(scenario, place)) return;
  reporter.report(owner, field, fmt::format("{} is a site; expected a region, where {} can stand", quoted(place), what),
                  index);
}

void expect_whole_seconds(const google::protobuf::Message& owner, const char* field, const std::string& text,
                          Reporter& reporter) {
  const auto parsed = parse_duration(text);
  if (!parsed.value || parsed.value->ns % sim::seconds(1).ns == 0) return;
  reporter.report(owner, field, fmt::format("{} is not a whole number of seconds, as a TTL is", quoted(text)));
}

void check_targets(const schema::Scenario& scenario, Reporter& reporter) {
  std::set<std::string> seen;
  for (const schema::ZoneTarget& target : scenario.zone().targets()) {
    expect_site(target, "site", target.site(), scenario, reporter);
    if (!is_site(scenario, target.site())) continue;
    if (target.weight() != 1 && scenario.zone().routing() != "weighted") {
      reporter.report(target, "weight",
                      fmt::format("weights mean nothing with {} routing; expected routing: \"weighted\" or no weight",
                                  quoted(scenario.zone().routing())));
    }
    if (seen.insert(target.site()).second) continue;
    reporter.report(target, "site",
                    fmt::format("{} is a target twice; expected each site once", quoted(target.site())));
  }
  if (scenario.zone().targets().empty() || scenario.zone().routing() != "geo") return;
  for (const schema::Region& region : scenario.regions()) {
    const auto& prefers = region.prefers();
    const bool are_sites =
        std::all_of(prefers.begin(), prefers.end(), [&](const std::string& site) { return is_site(scenario, site); });
    if (!are_sites || prefers.empty()) continue;
    const std::vector<std::string> served = served_by(scenario, region);
    const bool has_target =
        std::any_of(served.begin(), served.end(), [&](const std::string& site) { return seen.contains(site); });
    if (has_target || served.empty()) continue;
    reporter.report(region, "prefers",
                    fmt::format("region {} prefers no target of the zone; expected one of them, for geo routing",
                                quoted(region.name())));
  }
}

void check_zone_checks(const schema::Scenario& scenario, const schema::ZoneChecks& checks, Reporter& reporter) {
  check_word(checks, "profile", checks.profile(), check_profile_words(), reporter);
  std::set<std::string> seen;
  for (int i = 0; i < checks.from_size(); ++i) {
    expect_region(scenario, checks, "from", checks.from(i), "a vantage point", reporter, i);
    if (seen.insert(checks.from(i)).second) continue;
    reporter.report(checks, "from",
                    fmt::format("{} is a vantage point twice; expected each region once", quoted(checks.from(i))), i);
  }
  expect_region(scenario, checks, "gathered_at", checks.gathered_at(), "what gathers verdicts", reporter);
}

template <typename Shared>
void check_shares(const google::protobuf::Message& owner, const char* field,
                  const google::protobuf::RepeatedPtrField<Shared>& classes, Reporter& reporter) {
  const bool has_one = std::any_of(classes.begin(), classes.end(), [](const Shared& one) { return one.share() > 0; });
  if (classes.empty() || has_one) return;
  reporter.report(owner, field, "all shares are 0; expected at least one above it");
}

// A zone knows of its askers no more than where they are: so users are held only where that leads them.
void check_held(const schema::Scenario& scenario, const schema::Region& region, Reporter& reporter) {
  if (scenario.zone().routing() != "geo") {
    reporter.report(region, "abroad",
                    fmt::format("the zone leads users of {} anywhere by {} routing; expected geo, for they are held",
                                quoted(region.name()), quoted(scenario.zone().routing())));
  }
  for (const schema::Resolvers& resolvers : region.resolvers()) {
    if (resolvers.at().empty() || resolvers.at() == region.name() || resolvers.client_subnet()) continue;
    reporter.report(
        resolvers, "at",
        fmt::format("the zone takes users of {}, who are held, for ones of {}; expected client_subnet: true",
                    quoted(region.name()), quoted(resolvers.at())));
  }
  for (const schema::Population& population : scenario.workload().populations()) {
    if (population.region() != region.name() || population.roaming() == 0) continue;
    reporter.report(
        population, "roaming",
        fmt::format("users of {} are held, and some of their calls roam; expected no roaming", quoted(region.name())));
  }
}

void check_ttls(const schema::Resolvers& resolvers, Reporter& reporter) {
  expect_whole_seconds(resolvers, "least_ttl", resolvers.least_ttl(), reporter);
  expect_whole_seconds(resolvers, "greatest_ttl", resolvers.greatest_ttl(), reporter);
  const auto least = duration_in(resolvers.least_ttl());
  const auto greatest = duration_in(resolvers.greatest_ttl());
  if (!least || !greatest || *least <= *greatest) return;
  reporter.report(resolvers, "least_ttl",
                  fmt::format("least_ttl {} is above greatest_ttl {}; expected no more than that",
                              quoted(resolvers.least_ttl()), quoted(resolvers.greatest_ttl())));
}

void check_region(const schema::Scenario& scenario, const schema::Region& region, Reporter& reporter) {
  check_word(region, "abroad", region.abroad(), abroad_words(), reporter);
  for (const schema::Resolvers& resolvers : region.resolvers()) {
    check_word(resolvers, "profile", resolvers.profile(), resolver_words(), reporter);
    check_ttls(resolvers, reporter);
    expect_region(scenario, resolvers, "at", resolvers.at(), "a resolver", reporter);
  }
  check_shares(region, "resolvers", region.resolvers(), reporter);
  if (!region.resolvers().empty() && !scenario.has_zone()) {
    reporter.report(region, "resolvers",
                    "nobody asks them without a zone; expected zone { authorities: \"...\" } in the scenario");
  }
  if (region.abroad() != "held") return;
  if (scenario.has_zone()) check_held(scenario, region, reporter);
  if (region.jurisdiction().empty()) {
    reporter.report(region, "abroad",
                    fmt::format("region {} has no jurisdiction to be held in; expected jurisdiction: \"...\"",
                                quoted(region.name())));
  } else if (const auto& prefers = region.prefers();
             std::all_of(prefers.begin(), prefers.end(), [&](const std::string& s) { return is_site(scenario, s); }) &&
             served_by(scenario, region).empty()) {
    reporter.report(region, "abroad",
                    fmt::format("region {} prefers no site under the law of {}; expected one, for its users are held",
                                quoted(region.name()), quoted(region.jurisdiction())));
  }
}

void check_population(const schema::Scenario& scenario, const schema::Population& population, Reporter& reporter) {
  for (const schema::ClientCache& cache : population.client_caches()) {
    check_word(cache, "profile", cache.profile(), client_cache_words(), reporter);
  }
  check_shares(population, "client_caches", population.client_caches(), reporter);
  if (scenario.has_zone()) return;
  const char* field = !population.client_caches().empty() ? "client_caches"
                      : population.has_kept_connections() ? "kept_connections"
                                                          : nullptr;
  if (field == nullptr) return;
  reporter.report(population, field,
                  "clients look nothing up without a zone; expected zone { authorities: \"...\" } in the scenario");
}

void check_zone_faults(const schema::Scenario& scenario, Reporter& reporter) {
  for (const schema::Fault& fault : scenario.faults()) {
    if (!fault.has_record_emptied() && !fault.has_authority_down()) continue;
    if (!scenario.has_zone()) {
      reporter.report(fault, fmt::format("fault {} is on a zone, and there is none; expected zone {{ authorities: "
                                         "\"...\" }} in the scenario",
                                         quoted(fault.name())));
      continue;
    }
    const auto& places = scenario.zone().authorities();
    const std::string& at = fault.authority_down().at();
    if (at.empty() || std::find(places.begin(), places.end(), at) != places.end()) continue;
    const std::vector<std::string> known{places.begin(), places.end()};
    reporter.report(fault.authority_down(), "at",
                    fmt::format("no authority stands at {}{}", quoted(at), suggestion(at, "authorities", known)));
  }
}

}  // namespace

std::vector<NeededWay> ways_of_zone(const schema::Scenario& scenario) {
  std::vector<NeededWay> ways;
  if (!scenario.has_zone()) return ways;
  const schema::Zone& zone = scenario.zone();
  const auto add = [&](const google::protobuf::Message& owner, const char* field, const char* who,
                       const std::string& from, const std::string& to) {
    if (from != to && !from.empty() && !to.empty()) ways.push_back({&owner, field, who, from, to});
  };
  for (const schema::Region& region : scenario.regions()) {
    for (const schema::Resolvers& resolvers : region.resolvers()) {
      const std::string& at = resolvers.at().empty() ? region.name() : resolvers.at();
      add(resolvers, "at", "who asks the resolver", region.name(), at);
      for (const std::string& authority : zone.authorities()) add(resolvers, "at", "the resolver", at, authority);
    }
    if (!region.resolvers().empty()) continue;
    for (const std::string& authority : zone.authorities()) {
      add(region, "name", "its resolver", region.name(), authority);
    }
  }
  if (!zone.has_checks() || zone.checks().from().empty()) return ways;
  const schema::ZoneChecks& checks = zone.checks();
  const std::string& judge = checks.gathered_at().empty() ? checks.from(0) : checks.gathered_at();
  for (const std::string& from : checks.from()) {
    for (const schema::Site& site : scenario.sites()) add(checks, "from", "the vantage point", from, site.name());
    add(checks, "from", "the vantage point", from, judge);
  }
  for (const std::string& authority : zone.authorities()) {
    add(checks, "gathered_at", "what gathers verdicts", judge, authority);
  }
  return ways;
}

void check_zone(const schema::Scenario& scenario, Reporter& reporter) {
  for (const schema::Region& region : scenario.regions()) check_region(scenario, region, reporter);
  for (const schema::Population& population : scenario.workload().populations()) {
    check_population(scenario, population, reporter);
  }
  check_zone_faults(scenario, reporter);
  if (!scenario.has_zone()) return;
  const schema::Zone& zone = scenario.zone();
  check_word(zone, "routing", zone.routing(), routing_words(), reporter);
  check_word(zone, "none_healthy", zone.none_healthy(), none_healthy_words(), reporter);
  expect_whole_seconds(zone, "ttl", zone.ttl(), reporter);
  expect_whole_seconds(zone, "negative_ttl", zone.negative_ttl(), reporter);
  std::set<std::string> seen;
  for (int i = 0; i < zone.authorities_size(); ++i) {
    if (seen.insert(zone.authorities(i)).second) continue;
    reporter.report(zone, "authorities",
                    fmt::format("{} has an authority twice; expected each place once", quoted(zone.authorities(i))), i);
  }
  check_targets(scenario, reporter);
  if (zone.has_checks()) check_zone_checks(scenario, zone.checks(), reporter);
}

}  // namespace parallax::scenarios
