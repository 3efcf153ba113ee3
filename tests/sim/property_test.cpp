// Random worlds: topologies with faults that rapidcheck draws and, when one breaks a rule, shrinks.
#include <algorithm>
#include <catch2/catch.hpp>
#include <limits>
#include <map>
#include <numeric>
#include <set>
#include <string>
#include <vector>

#include "any_world.h"
#include "chatter.h"
#include "sim/network_view.h"
#include "sim/simulation.h"
#include "tests/support/checked_property.h"

namespace parallax::sim {
namespace {

using parallax::testing::check;
using parallax::testing::pick;
using testing::any_world;
using testing::at_ms;
using testing::Chatter;

Fingerprint fingerprint_of(const SimulationSpec& spec, std::size_t talkers) {
  Simulation simulation{spec};
  Chatter chatter{simulation, {.talkers = talkers, .until = at_ms(200), .uses_everything = true}};
  simulation.run(at_ms(400));
  return chatter.fingerprint();
}

TEST_CASE("any world gives the same fingerprint twice") {
  check("same fingerprint twice", 200, [] {
    const SimulationSpec spec = any_world();
    RC_ASSERT(fingerprint_of(spec, spec.sites.size()) == fingerprint_of(spec, spec.sites.size()));
  });
}

TEST_CASE("how any world is cut into windows and logical processes does not show in its fingerprint") {
  check("windows and processes do not show", 200, [] {
    SimulationSpec spec = any_world();
    spec.conditional_outages.clear();  // what one lookahead decides may depend on it
    spec.threads = 2;                  // one thread has one process
    const std::size_t talkers = spec.sites.size();
    const auto site = [](std::size_t i) { return static_cast<SiteId>(i); };

    SimulationSpec short_windows = spec;  // two more sites, a microsecond apart and far from all
    short_windows.sites.insert(short_windows.sites.end(), {"far", "farther"});
    short_windows.links.push_back({site(talkers), site(talkers + 1), Distribution::constant(microseconds(1))});

    SimulationSpec one_process = spec;  // all are near to a hub that leads nowhere
    one_process.sites.push_back("hub");
    for (std::size_t i = 0; i < talkers; ++i) one_process.links.push_back({site(i), site(talkers), Distribution{}});

    const Fingerprint expected = fingerprint_of(spec, talkers);
    RC_ASSERT(fingerprint_of(short_windows, talkers) == expected);
    RC_ASSERT(fingerprint_of(one_process, talkers) == expected);
  });
}

TEST_CASE("in any world messages sent are those that arrived, were lost or are in flight") {
  std::uint64_t lost_later = 0;
  check("sent = arrived + lost + in flight", 300, [&lost_later] {
    SimulationSpec spec = any_world();
    const bool is_lossless = pick(0, 2) == 0;
    if (is_lossless) {
      for (LinkSpec& link : spec.links) link.loss = 0;
    }
    Simulation simulation{spec};
    Chatter chatter{simulation, {.talkers = spec.sites.size(), .until = at_ms(200), .uses_everything = true}};
    simulation.run(at_ms(200));  // talk ends here; answers go on
    const auto by_faults = [&simulation] {
      const std::vector<std::uint64_t> touched = simulation.touched();
      return std::accumulate(touched.begin(), touched.end(), std::uint64_t{0});
    };
    const Chatter::Counts halfway = chatter.counts();
    RC_ASSERT(halfway.sent >= halfway.arrived + halfway.lost);
    RC_ASSERT(by_faults() >= halfway.lost_to_faults);
    RC_ASSERT(by_faults() - halfway.lost_to_faults <= halfway.sent - halfway.arrived - halfway.lost);

    simulation.run(at_ms(100'000));  // the longest way is a few hundred means: nothing is in flight any more
    const Chatter::Counts end = chatter.counts();
    // A link that a condition may cut looks at messages again: those lost from there on are not their senders' loss.
    RC_ASSERT(end.sent >= end.arrived + end.lost);
    const std::uint64_t later = end.sent - end.arrived - end.lost;
    if (spec.conditional_outages.empty()) RC_ASSERT(later == 0U);
    const std::uint64_t later_by_faults = by_faults() - end.lost_to_faults;
    if (is_lossless) {
      RC_ASSERT(later == later_by_faults);
    } else {
      RC_ASSERT(later >= later_by_faults);
    }
    lost_later += later_by_faults;
    std::set<std::uint64_t> heard;
    for (const Record& record : chatter.journal) {
      if (record.body[0] != static_cast<std::uint64_t>(testing::Said::kHeard)) continue;
      RC_ASSERT(heard.insert(record.body[1]).second);  // each message once
    }
    RC_ASSERT(heard.size() == end.arrived);
  });
  CHECK(lost_later > 100);
}

TEST_CASE("any world's journal is in order, and every effect comes after its cause") {
  check("journal order and causes", 200, [] {
    const SimulationSpec spec = any_world();
    Simulation simulation{spec};
    Chatter chatter{simulation, {.talkers = spec.sites.size(), .until = at_ms(200), .uses_everything = true}};
    simulation.run(at_ms(400));
    RC_ASSERT(std::is_sorted(chatter.journal.begin(), chatter.journal.end(), journal_order));
    std::map<RecordId, VirtualTime> times;
    for (const Record& record : chatter.journal) times[record.id] = record.time;
    for (const Record& record : chatter.journal) {
      if (record.cause.exists()) RC_ASSERT(times.at(record.cause) <= record.time);
    }
  });
}

/// Least delays between all pairs over the links that are up at `t`, by Floyd and Warshall.
std::vector<std::vector<std::int64_t>> reference_delays(const Network& network, const std::vector<SiteId>& end_sites,
                                                        VirtualTime t) {
  constexpr std::int64_t kNone = std::numeric_limits<std::int64_t>::max() / 4;
  const std::size_t sites = network.sites();
  std::vector<std::vector<std::int64_t>> delays(sites, std::vector<std::int64_t>(sites, kNone));
  for (std::size_t i = 0; i < sites; ++i) delays[i][i] = 0;
  for (std::size_t i = 0; i < network.links().size(); ++i) {
    const LinkSpec& link = network.links()[i];
    std::int64_t& delay = delays[index(link.from)][index(link.to)];
    if (!network.outage_at(static_cast<LinkId>(i), t)) delay = std::min(delay, link.delay.least().ns);
  }
  for (std::size_t via = 0; via < sites; ++via) {
    if (std::count(end_sites.begin(), end_sites.end(), static_cast<SiteId>(via)) != 0) continue;
    for (std::size_t i = 0; i < sites; ++i) {
      for (std::size_t j = 0; j < sites; ++j) delays[i][j] = std::min(delays[i][j], delays[i][via] + delays[via][j]);
    }
  }
  for (auto& row : delays) {
    for (std::int64_t& delay : row) delay = delay >= kNone ? -1 : delay;
  }
  return delays;
}

/// The delay of the way, which must be a path of living links from one site to the other; -1 without a way.
std::int64_t delay_of_way(const Network& network, SiteId from, SiteId to, VirtualTime t) {
  NetworkView view{network, from};
  std::int64_t sum = 0;
  SiteId here = from;
  for (const NetworkView::Hop& hop : view.hops(to, t)) {
    const LinkSpec& link = network.links()[index(hop.link)];
    RC_ASSERT(link.from == here);
    RC_ASSERT(hop.from == here);
    RC_ASSERT(!network.outage_at(hop.link, t).has_value());
    RC_ASSERT(!view.fault_on(hop.link, t).has_value());
    here = link.to;
    sum += link.delay.least().ns;
  }
  RC_ASSERT((here == to || here == from));
  return here == to ? sum : -1;
}

TEST_CASE("in any network, at any time, ways are the shortest of the living links") {
  check("routes against Floyd and Warshall", 300, [] {
    SimulationSpec spec = any_world();
    // Delays of a few ns make near ties between ways of one link and of many.
    for (LinkSpec& link : spec.links) {
      if (pick(0, 2) == 0) link.delay = Distribution::constant(nanoseconds(pick<std::int64_t>(0, 4)));
    }
    const Network network{{.sites = spec.sites.size(),
                           .links = spec.links,
                           .outages = spec.outages,
                           .conditional = spec.conditional_outages,
                           .end_sites = spec.end_sites}};
    const VirtualTime t = at_ms(pick<std::int64_t>(0, 250));
    const auto delays = reference_delays(network, spec.end_sites, t);
    for (std::size_t from = 0; from < network.sites(); ++from) {
      for (std::size_t to = 0; to < network.sites(); ++to) {
        RC_ASSERT(delay_of_way(network, static_cast<SiteId>(from), static_cast<SiteId>(to), t) == delays[from][to]);
      }
    }
  });
}

}  // namespace
}  // namespace parallax::sim
