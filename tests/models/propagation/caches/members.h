// Members of a cluster in data centers that are 40 ms apart each way, 1 ms within; and what they were answered.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "models/domain/journal.h"
#include "models/propagation/caches/cache_cluster.h"
#include "models/propagation/caches/two_level_cache.h"
#include "sim/simulation.h"

namespace parallax::propagation::caches::testing {

inline constexpr sim::Duration kWay = sim::milliseconds(40);
inline constexpr sim::Duration kNear = sim::milliseconds(1);

inline sim::VirtualTime at_ms(std::int64_t ms) { return sim::VirtualTime{} + sim::milliseconds(ms); }
inline std::int64_t ms_of(sim::VirtualTime t) { return t.ns / 1'000'000; }
inline domain::Version version(std::uint32_t ordinal) { return domain::Version::of(ordinal, sim::SiteId{0}); }
inline Key token_key(std::uint32_t token) { return {domain::ObjectRef::of(domain::TokenId{token}), 0}; }
inline MemberId member(int i) { return static_cast<MemberId>(i); }
inline SideId side(int i) { return static_cast<SideId>(i); }

/// Data centers `a` and `b` do not reach each other in these ms.
struct Cut {
  int a;
  int b;
  std::int64_t from;
  std::int64_t until;
};

inline sim::SimulationSpec centers(int count, const std::vector<Cut>& cuts, std::uint64_t seed, unsigned threads) {
  sim::SimulationSpec spec{.seed = seed, .sites = {}, .links = {}, .outages = {}, .faults = 1, .threads = threads};
  const auto site = [](int i) { return static_cast<sim::SiteId>(i); };
  for (int from = 0; from < count; ++from) {
    spec.sites.push_back("dc" + std::to_string(from));
    spec.end_sites.push_back(site(from));  // so that nothing takes the way round
    for (int to = 0; to < count; ++to) {
      if (from != to) spec.links.push_back({site(from), site(to), sim::Distribution::constant(kWay), 0});
    }
  }
  for (const Cut& cut : cuts) {
    for (std::uint32_t i = 0; i < spec.links.size(); ++i) {
      const sim::LinkSpec& link = spec.links[i];
      const bool is_there = link.from == site(cut.a) && link.to == site(cut.b);
      const bool is_back = link.from == site(cut.b) && link.to == site(cut.a);
      if (!is_there && !is_back) continue;
      spec.outages.push_back({static_cast<sim::LinkId>(i), at_ms(cut.from), at_ms(cut.until), 0});
    }
  }
  return spec;
}

inline CacheClusterSpec exact_cluster() {
  CacheClusterSpec spec;
  spec.local_delay = kNear;
  spec.connection.tick = {};
  return spec;
}

inline LocalCacheSpec swept_when_due() {
  LocalCacheSpec spec;
  spec.sweep_interval = {};
  return spec;
}

struct WorldSpec {
  std::vector<int> members{2, 2};  ///< by data center
  CacheClusterSpec cluster{exact_cluster()};
  LocalCacheSpec local{swept_when_due()};
  TwoLevelSpec levels{};
  std::vector<Cut> cuts{};
  std::uint64_t seed{1};
  Phases phases{Phases::kInStep};
  unsigned threads{1};
};

struct World {
  /// What became of a question or of a write.
  struct Told {
    sim::VirtualTime asked{};
    std::optional<sim::VirtualTime> told{};
    Answer answer{};
    std::int64_t took_ms() const { return told ? (*told - asked).ns / 1'000'000 : -1; }
  };

  explicit World(const WorldSpec& spec)
      : simulation{centers(static_cast<int>(spec.members.size()), spec.cuts, spec.seed, spec.threads)},
        power(spec.members.size()),
        cluster{"cluster", spec.cluster, nodes(spec), {domain::Stage::kLinkDown}, spec.phases} {
    for (std::size_t i = 0; i < cluster.roster().size(); ++i) {
      const auto id = static_cast<MemberId>(i);
      Side& at = cluster.side_of(id);
      locals.push_back(std::make_unique<LocalCache>(at.site(), "node" + std::to_string(i),
                                                    static_cast<domain::LayerId>(i), spec.local));
      caches.push_back(std::make_unique<TwoLevelCache>(*locals.back(), &at, id, spec.levels));
      locals.back()->start();
    }
    cluster.start();
    simulation.add_reader(
        [this](std::span<const sim::Record> read) { journal.insert(journal.end(), read.begin(), read.end()); });
  }

  std::vector<CacheCluster::Node> nodes(const WorldSpec& spec) {
    std::vector<CacheCluster::Node> nodes;
    for (std::size_t center = 0; center < spec.members.size(); ++center) {
      for (int i = 0; i < spec.members[center]; ++i) {
        nodes.push_back({simulation.site(static_cast<sim::SiteId>(center)), power[center],
                         static_cast<domain::NodeId>(nodes.size())});
      }
    }
    return nodes;
  }

  sim::Site& site_of(MemberId id) { return cluster.side_of(id).site(); }
  TwoLevelCache& cache(MemberId id) { return *caches[index(id)]; }
  LocalCache& local(MemberId id) { return *locals[index(id)]; }

  /// A key with these holders as long as all are members.
  Key key_of(MemberId owner, MemberId backup, std::uint32_t from = 0) {
    const Ownership& table = cluster.side(SideId{0}).ownership();
    for (std::uint32_t token = from;; ++token) {
      if (table.of(token_key(token)) == Holders{owner, backup}) return token_key(token);
    }
  }

  template <typename Callable>
  void at(MemberId id, std::int64_t ms, Callable what) {
    site_of(id).at(at_ms(ms), what);
  }

  Told& fetch_at(MemberId id, std::int64_t ms, const Key& key) {
    told.push_back(std::make_unique<Told>());
    at(id, ms, [this, id, key, to = told.back().get()] { fetch(site_of(id), id, key, *to); });
    return *told.back();
  }
  Told& store_at(MemberId id, std::int64_t ms, const Key& key, std::uint32_t ordinal) {
    told.push_back(std::make_unique<Told>());
    at(id, ms, [this, id, key, ordinal, to = told.back().get()] { store(site_of(id), id, key, ordinal, *to); });
    return *told.back();
  }
  void invalidate_at(MemberId id, std::int64_t ms, const Key& key, std::uint32_t ordinal) {
    at(id, ms, [this, id, key, ordinal] {
      const domain::Hop news{cluster.roster()[id].node, key.object, {}};
      cache(id).invalidate(key, version(ordinal), site_of(id).record(news.pack()));
    });
  }

  sim::Process fetch(sim::Site& site, MemberId id, Key key, Told& to) {
    to.asked = site.now();
    to.answer = co_await cache(id).fetch(key);
    to.told = site.now();
  }
  sim::Process store(sim::Site& site, MemberId id, Key key, std::uint32_t ordinal, Told& to) {
    to.asked = site.now();
    to.answer = co_await cache(id).store(key, {.version = version(ordinal)}, site.now());
    to.told = site.now();
  }

  void run(std::int64_t until_ms) { simulation.run(at_ms(until_ms)); }

  template <typename Body>
  std::vector<std::pair<sim::Record, Body>> records(domain::RecordKind kind) const {
    std::vector<std::pair<sim::Record, Body>> found;
    for (const sim::Record& record : journal) {
      if (domain::kind_of(record.body) == kind) found.emplace_back(record, Body::unpack(record.body));
    }
    return found;
  }
  auto puts() const { return records<domain::EntryPut>(domain::RecordKind::kEntryPut); }
  auto drops() const { return records<domain::EntryDropped>(domain::RecordKind::kEntryDropped); }
  auto hops() const { return records<domain::Hop>(domain::RecordKind::kHop); }

  sim::Simulation simulation;
  std::vector<sim::Power> power;
  CacheCluster cluster;
  std::vector<std::unique_ptr<LocalCache>> locals;
  std::vector<std::unique_ptr<TwoLevelCache>> caches;
  std::vector<std::unique_ptr<Told>> told;
  std::vector<sim::Record> journal;
};

}  // namespace parallax::propagation::caches::testing
