#include "models/steering/dns.h"

#include <cassert>

namespace parallax::steering {

RegionalDns::RegionalDns(sim::Site& region, const std::string& label, Name name, const DnsSpec& spec,
                         std::vector<RoundRobinBalancer*> preferred)
    : region_{region}, label_{label}, name_{name}, spec_{spec}, caches_(spec.resolvers) {
  assert(!preferred.empty() && spec.resolvers > 0);
  for (RoundRobinBalancer* balancer : preferred) targets_.push_back({balancer});
  // Resolvers have asked at different times before the run began.
  sim::Stream phases = region.stream(label_ + " resolvers", "age of the cached answer");
  const auto left = sim::Distribution::uniform({}, spec.ttl);
  for (Cache& cache : caches_) cache.expires = region.now() + left.sample(phases);
}

void RegionalDns::start() {
  if (spec_.check_interval.ns == 0) return;
  for (std::size_t target = 0; target < targets_.size(); ++target) {
    sim::Stream phases = region_.stream(label_ + " checks " + std::to_string(target), "phase");
    const sim::Duration phase = sim::Distribution::uniform({}, spec_.check_interval).sample(phases);
    region_.after(phase, [this, target] { check(target); });
  }
}

void RegionalDns::check(std::size_t target) {
  region_.after(spec_.check_interval, [this, target] { check(target); });
  const std::uint64_t number = ++targets_[target].check;
  RoundRobinBalancer* balancer = targets_[target].balancer;
  region_.send(balancer->site(), [this, target, number, balancer] {
    if (!balancer->answers() || !balancer->is_healthy()) return;
    balancer->reply(region_.id(), [this, target, number] { targets_[target].answered = number; });
  });
  region_.after(spec_.check_timeout, [this, target, number] { conclude(target, number); });
}

void RegionalDns::conclude(std::size_t index, std::uint64_t check) {
  Target& target = targets_[index];
  const bool is_good = target.answered >= check;
  if (is_good == target.is_in) {
    target.streak = 0;
    return;
  }
  if (++target.streak < (target.is_in ? spec_.fall : spec_.rise)) return;
  target.is_in = is_good;
  target.streak = 0;
  if (name_ != Name::kApis) return;
  const auto change = is_good ? domain::SiteChange::kMarkedUp : domain::SiteChange::kMarkedDown;
  region_.record(domain::SiteChanged{target.balancer->site(), region_.id(), change}.pack());
}

std::size_t RegionalDns::answer() const {
  for (std::size_t target = 0; target < targets_.size(); ++target) {
    if (targets_[target].is_in) return target;
  }
  return 0;
}

RoundRobinBalancer& RegionalDns::resolve(std::uint32_t resolver) {
  Cache& cache = caches_[resolver];
  if (cache.expires <= region_.now()) {
    const std::size_t target = answer();
    if (target != cache.target && name_ == Name::kApis) {
      region_.record(domain::ResolverMoved{region_.id(), resolver, targets_[cache.target].balancer->site(),
                                           targets_[target].balancer->site()}
                         .pack());
    }
    cache = {target, region_.now() + spec_.ttl};
  }
  return *targets_[cache.target].balancer;
}

RoundRobinBalancer& RegionalDns::elsewhere(std::uint32_t resolver) {
  RoundRobinBalancer& here = resolve(resolver);
  for (const Target& target : targets_) {
    if (target.balancer != &here && target.is_in) return *target.balancer;
  }
  return here;
}

}  // namespace parallax::steering
