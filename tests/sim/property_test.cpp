// Random worlds: topologies with faults that rapidcheck draws and, when one breaks a rule, shrinks.
#include <rapidcheck.h>
#include <rapidcheck/detail/TestListenerAdapter.h>

#include <algorithm>
#include <catch2/catch.hpp>
#include <limits>
#include <map>
#include <set>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "chatter.h"
#include "sim/simulation.h"

namespace parallax::sim {
namespace {

using testing::Chatter;

struct Silent : rc::detail::TestListenerAdapter {};

/// With a fixed seed and no regard for RC_PARAMS: a test must give the same answer tomorrow and on another machine.
template <typename Property>
void check(const std::string& name, int worlds, const Property& property) {
  rc::detail::TestParams params;
  params.seed = 20'260'101;
  params.maxSuccess = worlds;
  rc::detail::TestMetadata metadata;
  metadata.id = name;
  metadata.description = name;
  Silent silent;
  const auto result = rc::detail::checkProperty(rc::detail::toProperty(property), metadata, params, silent, {});
  std::ostringstream message;
  rc::detail::printResultMessage(result, message);
  INFO(message.str());
  CHECK(result.template is<rc::detail::SuccessResult>());
}

VirtualTime at_ms(std::int64_t ms) { return VirtualTime{} + milliseconds(ms); }

/// From `least` to below `limit`, all alike: rapidcheck by itself begins with small numbers.
template <typename Integer>
Integer pick(Integer least, Integer limit) {
  return *rc::gen::resize(rc::kNominalSize, rc::gen::inRange<Integer>(least, limit));
}

SiteId any_site(std::size_t sites) { return static_cast<SiteId>(pick<std::size_t>(0, sites)); }

/// None, whole milliseconds, or spread; some make sites near and others keep them apart.
Distribution any_delay() {
  const auto ms = milliseconds(pick<std::int64_t>(1, 20));
  switch (pick(0, 6)) {
    case 0:
      return Distribution{};
    case 1:
      return Distribution::constant(microseconds(1));
    case 2:
      return Distribution::uniform(ms, 2 * ms);
    case 3:
      return Distribution::exponential(ms);
    case 4:
      return Distribution::shifted_lognormal(2 * ms, 3 * ms, ms);
    default:
      return Distribution::constant(ms);
  }
}

SimulationSpec any_world() {
  SimulationSpec spec;
  spec.seed = *rc::gen::arbitrary<std::uint64_t>();
  const auto sites = pick<std::size_t>(1, 6);
  for (std::size_t i = 0; i < sites; ++i) spec.sites.push_back("site-" + std::to_string(i));
  const auto links = pick<std::size_t>(0, 3 * sites);
  for (std::size_t i = 0; i < links; ++i) {
    const SiteId from = any_site(sites);
    const SiteId to = any_site(sites);
    if (from == to) continue;
    const double loss = *rc::gen::element(0.0, 0.0, 0.1, 1.0);
    spec.links.push_back({from, to, any_delay(), loss});
  }
  if (spec.links.empty()) return spec;
  spec.faults = pick<std::uint32_t>(0, 5);
  for (std::uint32_t fault = 0; fault < spec.faults; ++fault) {
    const auto link = static_cast<LinkId>(pick<std::size_t>(0, spec.links.size()));
    const auto from = pick<std::int64_t>(0, 150);
    spec.outages.push_back({link, at_ms(from), at_ms(from + pick<std::int64_t>(1, 100)), fault});
  }
  return spec;
}

Fingerprint fingerprint_of(const SimulationSpec& spec, std::size_t talkers) {
  Simulation simulation{spec};
  Chatter chatter{simulation, {.talkers = talkers, .until = at_ms(200)}};
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
    const SimulationSpec spec = any_world();
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
  check("sent = arrived + lost + in flight", 200, [] {
    const SimulationSpec spec = any_world();
    Simulation simulation{spec};
    Chatter chatter{simulation, {.talkers = spec.sites.size(), .until = at_ms(200)}};
    simulation.run(at_ms(200));  // talk ends here; answers go on
    RC_ASSERT(chatter.sent >= chatter.arrived + chatter.lost);
    const std::vector<std::uint64_t> touched = simulation.touched();
    std::uint64_t by_faults = 0;
    for (const std::uint64_t count : touched) by_faults += count;
    RC_ASSERT(by_faults <= chatter.lost);

    simulation.run(at_ms(100'000));  // the longest way is a few hundred means: nothing is in flight any more
    RC_ASSERT(chatter.sent == chatter.arrived + chatter.lost);
    std::set<std::uint64_t> heard;
    for (const Record& record : chatter.journal) {
      if (record.body[0] != static_cast<std::uint64_t>(testing::Said::kHeard)) continue;
      RC_ASSERT(heard.insert(record.body[1]).second);  // each message once
    }
    RC_ASSERT(heard.size() == chatter.arrived);
  });
}

TEST_CASE("any world's journal is in order, and every effect comes after its cause") {
  check("journal order and causes", 200, [] {
    const SimulationSpec spec = any_world();
    Simulation simulation{spec};
    Chatter chatter{simulation, {.talkers = spec.sites.size(), .until = at_ms(200)}};
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
std::vector<std::vector<std::int64_t>> reference_delays(const Network& network, VirtualTime t) {
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
    for (std::size_t i = 0; i < sites; ++i) {
      for (std::size_t j = 0; j < sites; ++j) delays[i][j] = std::min(delays[i][j], delays[i][via] + delays[via][j]);
    }
  }
  for (auto& row : delays) {
    for (std::int64_t& delay : row) delay = delay >= kNone ? -1 : delay;
  }
  return delays;
}

/// The delay of `route`, which must be a path of living links from one site to the other; -1 without a route.
std::int64_t delay_of_route(const Network& network, SiteId from, SiteId to, VirtualTime t) {
  const auto route = network.route(from, to, t);
  if (!route) return -1;
  std::int64_t sum = 0;
  SiteId here = from;
  for (const LinkId id : *route) {
    const LinkSpec& link = network.links()[static_cast<std::size_t>(id)];
    RC_ASSERT(link.from == here);
    RC_ASSERT(!network.outage_at(id, t).has_value());
    here = link.to;
    sum += link.delay.least().ns;
  }
  RC_ASSERT(here == to);
  return sum;
}

TEST_CASE("in any network, at any time, ways are the shortest of the living links") {
  check("routes against Floyd and Warshall", 300, [] {
    SimulationSpec spec = any_world();
    // Delays of a few ns make near ties between ways of one link and of many.
    for (LinkSpec& link : spec.links) {
      if (pick(0, 2) == 0) link.delay = Distribution::constant(nanoseconds(pick<std::int64_t>(0, 4)));
    }
    const Network network{spec.sites.size(), spec.links, spec.outages};
    const VirtualTime t = at_ms(pick<std::int64_t>(0, 250));
    const auto delays = reference_delays(network, t);
    for (std::size_t from = 0; from < network.sites(); ++from) {
      for (std::size_t to = 0; to < network.sites(); ++to) {
        RC_ASSERT(delay_of_route(network, static_cast<SiteId>(from), static_cast<SiteId>(to), t) == delays[from][to]);
      }
    }
  });
}

}  // namespace
}  // namespace parallax::sim
