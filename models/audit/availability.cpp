#include "models/audit/availability.h"

#include <algorithm>
#include <optional>

namespace parallax::audit {

using domain::SiteChange;

namespace {

constexpr std::int64_t kMergedGap = 5;  // seconds; metrology: gaps < 5 s are merged

// "Stays so": no bad second within this time after the last one (metrology: h = 60 s).
constexpr std::int64_t kHold = 60;

// A refusal is an answer; only server errors and silence are failures.
bool is_good(const domain::RequestFinished& request) {
  return request.ending == domain::Ending::kAnswered && domain::answer_of(request.outcome).http < 500;
}

bool is_down(const ServedSecond& second) { return second.all > 0 && 2 * second.good < second.all; }

}  // namespace

Availability::Availability(const Setup& setup) : setup_{setup}, seconds_(setup.region_of_population.size()) {}

void Availability::finished(const domain::RequestFinished& request) {
  auto& seconds = seconds_[domain::index(request.population)];
  const auto second = static_cast<std::size_t>(request.sent.ns / sim::seconds(1).ns);
  if (second >= seconds.size()) seconds.resize(second + 1);
  ++seconds[second].all;
  if (is_good(request)) {
    ++seconds[second].good;
  } else {
    ++failed_;
    if (Outage* outage = setup_.follows_clients ? open_outage(request.called) : nullptr) {
      const domain::SiteId region = setup_.region_of_population[domain::index(request.population)];
      sim::VirtualTime& last = outage->last_call.try_emplace(region, outage->start).first->second;
      last = std::max(last, request.sent);
    }
  }
}

Availability::Outage* Availability::open_outage(domain::SiteId site) {
  const auto found = std::find_if(outages_.rbegin(), outages_.rend(), [&](const Outage& o) { return o.site == site; });
  return found == outages_.rend() ? nullptr : &*found;
}

void Availability::site_changed(const domain::SiteChanged& changed, sim::VirtualTime now) {
  moments_.push_back({now, changed});
  if (changed.change == SiteChange::kLost) outages_.push_back({changed.site, now, {}, {}, {}});
  if (changed.change != SiteChange::kMarkedDown) return;
  if (Outage* outage = open_outage(changed.site)) outage->noticed.try_emplace(changed.seen_from, now);
}

void Availability::resolver_moved(const domain::ResolverMoved& moved, sim::VirtualTime now) {
  if (Outage* outage = open_outage(moved.from)) outage->last_moved[moved.region] = now;
}

std::int64_t Availability::unavailable_seconds(const std::vector<ServedSecond>& seconds) const {
  std::int64_t down = 0;
  std::optional<std::int64_t> last_down;
  for (std::size_t i = 0; i < seconds.size(); ++i) {
    if (!is_down(seconds[i])) continue;
    const auto second = static_cast<std::int64_t>(i);
    const bool merges = last_down && second - *last_down - 1 < kMergedGap;
    down += merges ? second - *last_down : 1;
    last_down = second;
  }
  return down;
}

// The end of the last bad second of those that begin with the outage. Silence is no recovery: the search ends only when
// requests have been served for a while.
// Who saw no bad second has nothing to recover from.
Availability::ServedAgain Availability::served_again(const std::vector<ServedSecond>& seconds,
                                                     sim::VirtualTime start) const {
  std::optional<std::int64_t> last_down;
  bool has_held = false;
  std::optional<std::int64_t> served_since;
  for (auto second = start.ns / sim::seconds(1).ns; second < static_cast<std::int64_t>(seconds.size()); ++second) {
    const ServedSecond& counts = seconds[static_cast<std::size_t>(second)];
    if (counts.all == 0) continue;
    if (is_down(counts)) {
      last_down = second;
      served_since.reset();
    } else if (second - served_since.value_or(second) >= kHold) {
      has_held = true;
      break;
    } else if (!served_since) {
      served_since = second;
    }
  }
  if (!last_down) return {start, true};
  return {sim::VirtualTime{} + sim::seconds(*last_down + 1), has_held};
}

// Checks come one interval apart, so the first that failed in vain lies that many before the one that decided.
sim::VirtualTime Availability::first_failed_check(const Outage& outage, domain::SiteId judge,
                                                  sim::VirtualTime decided) const {
  const auto noticed = outage.noticed.find(judge);
  if (noticed == outage.noticed.end() || domain::index(judge) >= setup_.confirming.size()) return decided;
  return std::clamp(noticed->second - setup_.confirming[domain::index(judge)], outage.start, decided);
}

void Availability::add_outage(const Outage& outage, std::size_t population, Findings& findings) const {
  const domain::SiteId region = setup_.region_of_population[population];
  Unavailability seen{outage.site, static_cast<domain::PopulationId>(population), outage.start};
  const auto [end, is_for_good] = served_again(seconds_[population], outage.start);
  // What never happened took no time: the rest is waiting for the site itself.
  const auto instant = [&, end = end](const std::map<domain::SiteId, sim::VirtualTime>& by_place, domain::SiteId place,
                                      sim::VirtualTime otherwise) {
    const auto found = by_place.find(place);
    return found == by_place.end() ? otherwise : std::clamp(found->second, otherwise, end);
  };
  const auto& moves = setup_.follows_clients ? outage.last_call : outage.last_moved;
  const domain::SiteId judge = setup_.judge.value_or(region);
  const sim::VirtualTime decided = instant(outage.noticed, judge, outage.start);
  const sim::VirtualTime detected = first_failed_check(outage, judge, decided);
  const sim::VirtualTime moved = instant(moves, region, decided);
  seen.unavailable = end - outage.start;
  seen.detect = detected - outage.start;
  seen.decide = decided - detected;
  seen.redirect = moved - decided;
  seen.warm_up = end - moved;
  seen.is_open = !is_for_good;
  findings.recovery = std::max(findings.recovery, seen.unavailable);
  findings.is_recovery_open |= seen.is_open;
  findings.outages.push_back(seen);
}

void Availability::finish(Findings& findings) const {
  for (const auto& seconds : seconds_) {
    findings.unavailable_seconds = std::max(findings.unavailable_seconds, unavailable_seconds(seconds));
  }
  for (std::size_t population = 0; population < seconds_.size(); ++population) {
    const std::size_t number = setup_.kind_of_population.empty() ? 0 : setup_.kind_of_population[population];
    auto& kind = findings.availability_of_kind[number];
    for (const ServedSecond& second : seconds_[population]) {
      kind.finished += second.all;
      kind.failed += second.all - second.good;
    }
    kind.unavailable_seconds = std::max(kind.unavailable_seconds, unavailable_seconds(seconds_[population]));
  }
  for (const Outage& outage : outages_) {
    for (std::size_t population = 0; population < seconds_.size(); ++population) {
      add_outage(outage, population, findings);
    }
  }
  findings.failed_requests = failed_;
  findings.moments = moments_;
  findings.served = seconds_;
}

}  // namespace parallax::audit
