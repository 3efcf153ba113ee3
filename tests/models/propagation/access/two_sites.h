// A database at one site and somebody at another who asks it, 40 ms apart.
#pragma once

#include <optional>
#include <vector>

#include "models/propagation/access/database_access.h"
#include "models/propagation/statements.h"
#include "sim/simulation.h"
#include "tests/models/propagation/schema/catalog.h"

namespace parallax::propagation::testing {

inline constexpr sim::SiteId kHere{0};
inline constexpr sim::SiteId kThere{1};
inline constexpr sim::Duration kWay = sim::milliseconds(40);

inline sim::VirtualTime after(std::int64_t milliseconds) {
  return sim::VirtualTime{} + sim::milliseconds(milliseconds);
}

/// What came of one statement.
struct Told {
  sim::VirtualTime asked;
  sim::VirtualTime told;
  bool is_answered{false};
};

/// The answer to a statement that commits something.
struct Committed {
  store::Lsn committed;
};

struct TwoSites {
  domain::Catalog catalog{small_catalog()};
  sim::Simulation simulation;
  sim::Power power_here;
  sim::Power power_there;
  Database database;
  ConnectionPool pool;
  DatabaseAccess access;
  std::vector<Told> told;
  std::vector<sim::VirtualTime> run;  ///< when statements ran at the database

  explicit TwoSites(const ConnectionPoolSpec& spec, std::vector<sim::LinkOutage> outages = {}, std::uint64_t seed = 1)
      : simulation{sim::SimulationSpec{.seed = seed,
                                       .sites = {"here", "there"},
                                       .links = {{kHere, kThere, sim::Distribution::constant(kWay), 0},
                                                 {kThere, kHere, sim::Distribution::constant(kWay), 0}},
                                       .outages = std::move(outages),
                                       .faults = 1}},
        database{simulation.site(kThere), catalog, domain::LayerId{0}, numbered({})},
        pool{simulation.site(kHere), power_here, database, power_there, "pool", spec},
        access{simulation.site(kHere), power_here, database, TokenNumbers{}, &pool} {}

  sim::Site& here() { return simulation.site(kHere); }

  void read_at(sim::VirtualTime when) {
    here().at(when, [this] { read(here()); });
  }
  void write_at(sim::VirtualTime when, domain::TokenId token) {
    here().at(when, [this, token] { write(here(), token); });
  }

  sim::Process read(sim::Site& site) {
    const std::size_t number = told.size();
    told.push_back({site.now(), {}});
    const auto answer = co_await access.read([this](Database& there) {
      run.push_back(there.now());
      return there.now();
    });
    told[number].told = site.now();
    told[number].is_answered = answer.has_value();
  }

  sim::Process write(sim::Site& site, domain::TokenId token) {
    const std::size_t number = told.size();
    told.push_back({site.now(), {}});
    const auto answer = co_await access.write([this, token, sent = site.now()](Database& there) {
      run.push_back(there.now());
      return Committed{commit_revocation(there, token, {}, sent).committed};
    });
    told[number].told = site.now();
    told[number].is_answered = answer.has_value();
  }
};

}  // namespace parallax::propagation::testing
