#include "models/steering/dns.h"

#include <cassert>
#include <optional>

namespace parallax::steering {

RegionalDns::RegionalDns(sim::Site& region, const std::string& label, Name name, const DnsSpec& spec,
                         std::vector<FrontDoor*> preferred)
    : region_{region}, label_{label}, name_{name}, spec_{spec}, caches_(spec.resolvers) {
  assert(!preferred.empty() && spec.resolvers > 0);
  for (FrontDoor* door : preferred) targets_.push_back({door});
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
  FrontDoor* door = targets_[target].door;
  region_.send(door->site(), [this, target, number, door] {
    if (!door->answers() || !door->is_healthy()) return;
    door->reply(region_.id(), [this, target, number] { targets_[target].answered = number; });
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
  region_.record(domain::SiteChanged{target.door->site(), region_.id(), change}.pack());
}

std::size_t RegionalDns::answer_without_drained() {
  std::optional<std::size_t> first;
  std::vector<std::size_t> passed_over;
  for (std::size_t target = 0; target < targets_.size(); ++target) {
    if (is_drained(targets_[target])) {
      if (targets_[target].is_in) passed_over.push_back(sim::index(targets_[target].door->site()));
      continue;
    }
    if (!first) first = target;
    if (!targets_[target].is_in) continue;
    first = target;
    break;
  }
  if (!first) return 0;
  for (const std::size_t site : passed_over) {
    drains_.for_each_of(site, [this](std::uint32_t fault) { region_.touched_by(fault); });
  }
  return *first;
}

std::size_t RegionalDns::answer() {
  if (drains_.any()) return answer_without_drained();
  for (std::size_t target = 0; target < targets_.size(); ++target) {
    if (targets_[target].is_in) return target;
  }
  return 0;
}

void RegionalDns::find(Seeker& seeker, SessionId session, std::uint64_t question, Way way) {
  const auto resolver = static_cast<std::uint32_t>(steering::index(session) % caches_.size());
  FrontDoor& door = way == Way::kAsTold ? resolve(resolver) : elsewhere(resolver);
  if (region_.refusal_by(door.site())) return seeker.refused(session, question, door);
  seeker.found(session, question, &door);
}

FrontDoor& RegionalDns::resolve(std::uint32_t resolver) {
  Cache& cache = caches_[resolver];
  if (cache.expires <= region_.now()) {
    const std::size_t target = answer();
    if (target != cache.target && name_ == Name::kApis) {
      region_.record(domain::ResolverMoved{region_.id(), resolver, targets_[cache.target].door->site(),
                                           targets_[target].door->site()}
                         .pack());
    }
    cache = {target, region_.now() + spec_.ttl};
  }
  return *targets_[cache.target].door;
}

FrontDoor& RegionalDns::elsewhere(std::uint32_t resolver) {
  FrontDoor& here = resolve(resolver);
  for (const Target& target : targets_) {
    if (target.door != &here && target.is_in && !is_drained(target)) return *target.door;
  }
  return here;
}

}  // namespace parallax::steering
