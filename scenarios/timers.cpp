#include "scenarios/timers.h"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>

#include "scenarios/nodes.h"
#include "scenarios/units.h"

namespace parallax::scenarios {

namespace {

using audit::Timer;

sim::Duration read(const std::string& text) { return text.empty() ? sim::Duration{} : *parse_duration(text).value; }

bool publishes(const schema::Scenario& scenario) {
  const auto& writes = scenario.workload().writes();
  return std::any_of(writes.begin(), writes.end(),
                     [](const schema::Write& write) { return write.has_publish_apis() || write.has_retire_apis(); });
}

bool calls_apis(const schema::Scenario& scenario) {
  const auto& populations = scenario.workload().populations();
  return std::any_of(populations.begin(), populations.end(), [](const auto& one) { return one.kind() == "api"; });
}

bool issues_tokens(const schema::Scenario& scenario) {
  const auto& writes = scenario.workload().writes();
  const auto& populations = scenario.workload().populations();
  return std::any_of(writes.begin(), writes.end(), [](const auto& write) { return write.has_request_tokens(); }) ||
         std::any_of(populations.begin(), populations.end(), [](const auto& one) { return one.kind() == "token"; });
}

bool revokes_tokens_at(const schema::Scenario& scenario, const std::string& site) {
  const auto& writes = scenario.workload().writes();
  return std::any_of(writes.begin(), writes.end(), [&](const schema::Write& write) {
    return write.has_revoke_tokens() && (write.site().empty() || write.site() == site);
  });
}

// The timers of one site, one after the other.
class SiteTimers {
 public:
  SiteTimers(const schema::Scenario& scenario, int place, std::vector<DeclaredTimer>& timers)
      : scenario_{scenario}, site_{scenario.sites(place)}, place_{place}, timers_{timers} {}

  void declare() {
    const bool has_gateways = has_part(site_, runtime::Part::kGateway);
    if (has_gateways) add_cache();
    if (has_gateways && publishes(scenario_)) add_artifacts();
    if (has_gateways && site_.has_startup())
      add(Timer::kRetryWait, "startup.first_pause", site_.startup().first_pause());
    if (site_.has_events()) {
      add(Timer::kReconnectWait, "events.reconnect.initial_pause", site_.events().reconnect().initial_pause());
    }
    if (has_part(site_, runtime::Part::kKeyManager)) add_tokens();
  }

 private:
  void add(Timer timer, std::string_view field, const std::string& length, sim::Duration after = {}) {
    timers_.push_back({timer, fmt::format("sites[{}].{}", site_.name(), field), place_, false, read(length), after});
  }

  void add_cache() {
    const schema::TokenCache& cache = site_.gateway().token_cache();
    if (site_.key_manager().tokens() != "opaque" || !cache.enabled() || !calls_apis(scenario_)) return;
    const sim::Duration sweep = read(cache.sweep_interval());
    add(Timer::kTokenCacheTtl, "gateway.token_cache.ttl", cache.ttl(), sweep);
    if (sweep.ns > 0) add(Timer::kCacheSweep, "gateway.token_cache.sweep_interval", cache.sweep_interval());
  }

  // A node that is told by a cluster message updates at its next task, one that is not after a random time.
  void add_svn(const schema::Svn& svn) {
    if (!svn.mirror_of().empty()) add(Timer::kMirrorInterval, "artifacts.svn.mirror_period", svn.mirror_period());
    if (site_.has_clustering() && svn.mirror_of().empty()) {
      add(Timer::kPollInterval, "artifacts.svn.interval", svn.interval());
    } else {
      add(Timer::kPollInterval, "artifacts.svn.greatest_without_word", svn.greatest_without_word());
    }
  }

  void add_artifacts() {
    const schema::Artifacts& way = site_.artifacts();
    if (site_.has_pull()) add(Timer::kRetryWait, "pull.first_pause", site_.pull().first_pause());
    if (way.has_svn()) add_svn(way.svn());
    if (way.has_mount()) add(Timer::kPollInterval, "artifacts.mount.scan", way.mount().scan());
    if (way.has_server()) add(Timer::kPollInterval, "artifacts.server.period", way.server().period());
    if (way.has_replica()) add(Timer::kPollInterval, "artifacts.replica.scan", way.replica().scan());
    const bool is_told = site_.has_clustering() && !site_.has_artifacts() && !site_.has_pull();
    if (is_told) add(Timer::kDeploymentScan, "clustering.deployment_scan", site_.clustering().deployment_scan());
  }

  void add_tokens() {
    if (issues_tokens(scenario_))
      add(Timer::kTokenExpiry, "key_manager.token_validity", site_.key_manager().token_validity());
    const bool cleans = !site_.database().has_at() && site_.database().cleans_revoked_tokens();
    if (cleans && revokes_tokens_at(scenario_, site_.name())) {
      add(Timer::kTokenCleaner, "database.cleans_revoked_tokens", "");
    }
  }

  const schema::Scenario& scenario_;
  const schema::Site& site_;
  int place_;
  std::vector<DeclaredTimer>& timers_;
};

// Whatever the sites' key managers issue, tokens of the start live for the longest validity at the most.
void add_catalog(const schema::Scenario& scenario, std::vector<DeclaredTimer>& timers) {
  const schema::Catalog& catalog = scenario.catalog();
  sim::Duration validity{};
  for (const schema::Site& site : scenario.sites()) {
    validity = std::max(validity, read(site.key_manager().token_validity()));
  }
  if (catalog.tokens() > 0) timers.push_back({Timer::kTokenExpiry, "catalog.tokens", 0, true, validity, {}});
  if (!calls_apis(scenario)) return;
  for (int tier = 0; tier < catalog.tiers_size(); ++tier) {
    if (catalog.tiers(tier).limit().empty()) continue;
    timers.push_back({Timer::kQuotaWindow,
                      fmt::format("catalog.tiers[{}].limit", catalog.tiers(tier).name()),
                      tier,
                      true,
                      parse_rate(catalog.tiers(tier).limit()).value->per,
                      {}});
  }
}

// Retries and reconnections come where something fails; the catalog's tokens expire from the start on.
bool needs_time(const DeclaredTimer& timer) {
  switch (timer.timer) {
    case Timer::kRetryWait:
    case Timer::kReconnectWait:
    case Timer::kTokenCleaner:
      return false;
    case Timer::kTokenExpiry:
      return !timer.is_of_all;
    default:
      return true;
  }
}

std::string_view what_fires(Timer timer) {
  switch (timer) {
    case Timer::kTokenCacheTtl:
    case Timer::kTokenExpiry:
      return "expiries";
    case Timer::kCacheSweep:
      return "sweeps";
    case Timer::kMirrorInterval:
      return "runs of the mirror";
    case Timer::kDeploymentScan:
      return "scans";
    case Timer::kQuotaWindow:
      return "ends of limit windows";
    default:
      return "polls";
  }
}

// A tenth more than the least, so that more than the first of them is seen.
sim::Duration proposal(const DeclaredTimer& timer) {
  return timer.length + timer.after + sim::nanoseconds(timer.length.ns / 10);
}

// In figures that people would choose; what rounding takes off is less than half of the tenth above.
std::string proposed_length(sim::Duration length) {
  const auto rounded = [length](std::int64_t unit_s) {
    const std::int64_t unit = sim::seconds(unit_s).ns;
    return (length.ns + unit / 2) / unit * unit;
  };
  constexpr std::int64_t kMinute = 60;
  constexpr std::int64_t kHour = 60 * kMinute;
  if (length < sim::minutes(10))
    return format_duration(length < sim::seconds(10) ? length : sim::nanoseconds(rounded(1)));
  if (length < sim::minutes(60)) return format_duration(sim::nanoseconds(rounded(kMinute)));
  const std::int64_t minutes = rounded(length < sim::minutes(600) ? kMinute : kHour) / sim::seconds(kMinute).ns;
  return minutes % 60 == 0 ? fmt::format("{}h", minutes / 60) : fmt::format("{}h{}m", minutes / 60, minutes % 60);
}

}  // namespace

std::vector<DeclaredTimer> timers_of(const schema::Scenario& scenario) {
  std::vector<DeclaredTimer> timers;
  for (int place = 0; place < scenario.sites_size(); ++place) SiteTimers{scenario, place, timers}.declare();
  add_catalog(scenario, timers);
  return timers;
}

std::optional<std::string> advice_on_duration(const schema::Scenario& scenario) {
  constexpr sim::Duration kLongestRun = sim::minutes(60 * 24 * 60);  // the greatest that `duration` may be
  const sim::Duration duration = read(scenario.duration());
  std::vector<DeclaredTimer> late;
  for (DeclaredTimer& timer : timers_of(scenario)) {
    if (!needs_time(timer) || proposal(timer) > kLongestRun) continue;
    if (duration < timer.length + timer.after) late.push_back(std::move(timer));
  }
  if (late.empty()) return std::nullopt;
  const auto longest = std::max_element(late.begin(), late.end(), [](const auto& a, const auto& b) {
    return proposal(a) < proposal(b);  // the first of equal ones
  });
  std::string length = format_duration(longest->length);
  if (duration >= longest->length)
    length += fmt::format(" and up to {} until it shows", format_duration(longest->after));
  const std::string others = late.size() == 1 ? "" : fmt::format(" and {} more", late.size() - 1);
  return fmt::format("duration {} is shorter than {} ({}){}: {} will not be seen; {} would show them",
                     format_duration(duration), longest->path, length, others, what_fires(longest->timer),
                     proposed_length(proposal(*longest)));
}

}  // namespace parallax::scenarios
