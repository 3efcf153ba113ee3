#include "scenarios/bounds/outages.h"

#include <algorithm>

#include "sim/tcp_timing.h"

namespace parallax::bounds {

namespace {

// From one SYN to the next at the most, and the time in which they are all spent: 4 by the second, then 6 that double
// (connection.h).
constexpr sim::Duration kSynsSpent = sim::seconds(131);

// Who starts looks for its database by the second (data_center.cpp); a round of looks.
constexpr sim::Duration kLooks = sim::seconds(2);

constexpr std::string_view kEventsAreLost = "events are lost while their way or an end of it is down";
constexpr std::string_view kTriedOnce = "it is tried a number of times, and may be given up in an outage";
constexpr std::string_view kImage = "a replica is made anew, or its disk is lost";
constexpr std::string_view kStartsByAsking = "a gateway that starts asks for its APIs, and may do so in vain";
constexpr std::string_view kOnlyUndisturbed = "in an outage it may ask before the answer is there";

}  // namespace

void Outages::Troubles::add(sim::Duration length) {
  sum += length;
  longest = std::max(longest, length);
  ++times;
}

void Outages::Troubles::add(const Troubles& other) {
  sum += other.sum;
  longest = std::max(longest, other.longest);
  times += other.times;
}

Outages::Outages(const Map& map)
    : map_{map},
      of_link_(map.config().links.size()),
      of_site_(map.config().sites.size()),
      freezes_(map.config().sites.size()),
      loses_disk_(map.config().sites.size()) {
  for (const sim::LinkOutage& outage : map.config().outages) {
    of_link_[sim::index(outage.link)].add(outage.until - outage.from);
  }
  add_site_faults();
  for (const world::ReplicationConfig& stream : map.config().replications) {
    if (stream.starts > sim::VirtualTime{}) loses_disk_[sim::index(stream.to)] = 1;
  }
}

// A certificate that keeps connections from being opened is taken for a trouble of both sites.
void Outages::add_site_faults() {
  const world::WorldConfig& config = map_.config();
  const auto add = [&](sim::SiteId site, sim::Duration length) { of_site_[sim::index(site)].add(length); };
  const auto add_spells = [&](sim::SiteId site, const std::vector<sim::Spell>& spells) {
    for (const sim::Spell& spell : spells) add(site, spell.until - spell.from);
  };
  for (const world::SiteOutage& outage : config.site_outages) {
    add(outage.site, outage.until - outage.from + map_.site(outage.site).node.startup_time + kLooks);
    if (outage.disk == world::Disk::kLost) loses_disk_[sim::index(outage.site)] = 1;
  }
  for (const world::NodeOutage& outage : config.node_outages) {
    add(outage.site, outage.until - outage.from + map_.site(outage.site).node.startup_time + kLooks);
  }
  for (const world::NodeFreeze& freeze : config.node_freezes) {
    add_spells(freeze.site, freeze.spells);
    freezes_[sim::index(freeze.site)] = 1;
  }
  for (const world::FullDisk& full : config.full_disks) add_spells(full.site, full.spells);
  for (const sim::Refusal& refusal : config.refusals) {
    add_spells(refusal.from, refusal.spells);
    add_spells(refusal.to, refusal.spells);
  }
  for (const world::DatabaseTask& task : config.database_tasks) {
    if (task.kind == world::DatabaseTask::Kind::kResynchronise) loses_disk_[sim::index(task.site)] = 1;
  }
}

Outages::Troubles Outages::on_way(sim::SiteId from, sim::SiteId to) const {
  Troubles all;
  for (const sim::LinkId link : map_.ways().links(from, to)) all.add(of_link_[sim::index(link)]);
  return all;
}

// TCP tries again at the latest as long after the heal as it had been cut, 120 s at the most; who has to connect anew
// may first have to notice, and then to wait for its next SYN.
Outages::Allowance Outages::on(const Exposure& exposure) const {
  // An answer that is there while who asked stands still is as if it were under way; and who waits for a sign over a
  // way that is cut in the other direction does not know why.
  bool is_untold = freezes_[sim::index(exposure.from)] != 0 || freezes_[sim::index(exposure.to)] != 0;
  Troubles all = of_site_[sim::index(exposure.from)];
  if (exposure.from != exposure.to) {
    all.add(of_site_[sim::index(exposure.to)]);
    const Troubles there = on_way(exposure.from, exposure.to);
    const Troubles back = on_way(exposure.to, exposure.from);
    is_untold |= there.sum != back.sum;
    all.add(there);
    all.add(back);
  }
  if (loses_disk_[sim::index(exposure.from)] != 0 || loses_disk_[sim::index(exposure.to)] != 0) {
    return {std::nullopt, kImage};
  }
  if (all.times == 0 || exposure.over == Exposure::Over::kNothing) return {};
  if (exposure.only_undisturbed) return {std::nullopt, kOnlyUndisturbed};
  const bool asks_at_start = map_.site(exposure.to).startup.has_value();
  const sim::Duration syns = std::min(all.longest * std::int64_t{2}, kSynsSpent);
  const sim::Duration backed_off = std::min(all.longest, sim::kGreatestTimeout) * std::int64_t{2};
  switch (exposure.over) {
    case Exposure::Over::kNothing:
      break;
    case Exposure::Over::kSite:
      if (asks_at_start) return {std::nullopt, kStartsByAsking};
      return {all.sum, {}, is_untold};
    case Exposure::Over::kStream:
    case Exposure::Over::kQuestion:
      return {all.sum + (backed_off + syns + exposure.again + kLooks) * all.times, {}, is_untold};
    case Exposure::Over::kCopy:
      return {all.sum + exposure.again * all.times, {}, is_untold};
    case Exposure::Over::kEvents:
      return {std::nullopt, kEventsAreLost};
    case Exposure::Over::kOnce:
      return {std::nullopt, kTriedOnce};
  }
  return {};
}

bool has_outages(const world::WorldConfig& config) {
  return !(config.outages.empty() && config.disturbances.empty() && config.site_outages.empty() &&
           config.node_outages.empty() && config.node_freezes.empty() && config.full_disks.empty() &&
           config.refusals.empty() && config.clock_faults.empty() && config.database_tasks.empty());
}

}  // namespace parallax::bounds
