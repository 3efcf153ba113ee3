#include "scenarios/backtest/knobs.h"

#include <fmt/format.h>

#include <algorithm>

namespace parallax::scenarios::backtest {

namespace {

const schema::Population* population_of(const schema::Scenario& scenario, const std::string& name) {
  const auto& all = scenario.workload().populations();
  const auto found = std::find_if(all.begin(), all.end(), [&](const auto& one) { return one.name() == name; });
  return found == all.end() ? nullptr : &*found;
}

const schema::Region* region_of(const schema::Scenario& scenario, const schema::Population* population) {
  const auto& all = scenario.regions();
  const auto found = std::find_if(all.begin(), all.end(), [&](const schema::Region& one) {
    return population != nullptr && one.name() == population->region();
  });
  return found == all.end() ? nullptr : &*found;
}

/// With a zone its checks and TTL; else those of the region's own DNS.
class Knobs {
 public:
  Knobs(const schema::Scenario& scenario, const std::string& population)
      : scenario_{scenario},
        population_{population_of(scenario, population)},
        region_{region_of(scenario, population_)} {}

  std::vector<std::string> of(Phase phase) && {
    switch (phase) {
      case Phase::detect:
        detect();
        break;
      case Phase::redirect:
        redirect();
        break;
      case Phase::warm_up:
        warm_up();
        break;
      case Phase::back:
        back();
        break;
    }
    return std::move(found_);
  }

 private:
  template <typename Value>
  void add(const std::string& path, const Value& value) {
    found_.push_back(fmt::format("{} = {}", path, value));
  }

  std::string dns() const { return fmt::format("regions[{}].dns", region_->name()); }

  void checks(bool for_the_worse) {
    if (scenario_.has_zone()) {
      if (!scenario_.zone().has_checks()) {
        found_.emplace_back("zone.checks (there are none)");
        return;
      }
      const auto& checks = scenario_.zone().checks();
      add("zone.checks.interval", checks.interval());
      add(for_the_worse ? "zone.checks.fall" : "zone.checks.rise", for_the_worse ? checks.fall() : checks.rise());
      if (for_the_worse) add("zone.checks.answer_timeout", checks.answer_timeout());
    } else if (region_ != nullptr) {
      const auto& checks = region_->dns().health_check();
      const std::string path = dns() + ".health_check";
      add(path + ".interval", checks.interval());
      add(path + (for_the_worse ? ".fall" : ".rise"), for_the_worse ? checks.fall() : checks.rise());
      if (for_the_worse) add(path + ".timeout", checks.timeout());
    }
  }

  void ttl() {
    if (scenario_.has_zone()) {
      add("zone.ttl", scenario_.zone().ttl());
    } else if (region_ != nullptr) {
      add(dns() + ".ttl", region_->dns().ttl());
    }
  }

  void detect() { checks(true); }

  void redirect() {
    ttl();
    if (!scenario_.has_zone() || population_ == nullptr) return;
    const std::string path = fmt::format("workload.populations[{}]", population_->name());
    if (region_ != nullptr) add(fmt::format("regions[{}].resolvers", region_->name()), region_->resolvers_size());
    if (population_->client_caches_size() > 0) add(path + ".client_caches", population_->client_caches_size());
    if (population_->has_kept_connections())
      add(path + ".kept_connections.idle", population_->kept_connections().idle());
  }

  void warm_up() {
    for (const auto& site : scenario_.sites()) {
      add(fmt::format("sites[{}].gateway.token_cache.ttl", site.name()), site.gateway().token_cache().ttl());
      if (!site.key_manager().has_workers()) continue;
      found_.push_back(fmt::format("sites[{}].key_manager.workers", site.name()));
    }
    if (population_ == nullptr) return;
    add(fmt::format("workload.populations[{}].retries", population_->name()), population_->retries());
    add(fmt::format("workload.populations[{}].timeout", population_->name()), population_->timeout());
  }

  void back() {
    checks(false);
    ttl();
    for (const auto& site : scenario_.sites()) {
      add(fmt::format("sites[{}].startup_time", site.name()), site.startup_time());
    }
  }

  const schema::Scenario& scenario_;
  const schema::Population* population_;
  const schema::Region* region_;
  std::vector<std::string> found_;
};

}  // namespace

std::string_view name_of(Phase phase) {
  switch (phase) {
    case Phase::detect:
      return "detect";
    case Phase::redirect:
      return "redirect";
    case Phase::warm_up:
      return "warm_up";
    case Phase::back:
      return "back";
  }
  return {};
}

std::vector<std::string> knobs_of(const schema::Scenario& scenario, const std::string& population, Phase phase) {
  return Knobs(scenario, population).of(phase);
}

}  // namespace parallax::scenarios::backtest
