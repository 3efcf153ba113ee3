#include "models/propagation/access/database_access.h"

#include <catch2/catch.hpp>

#include "tests/models/propagation/access/two_sites.h"

namespace parallax::propagation {
namespace {

using testing::after;

constexpr sim::SiteId kSite{0};

struct OneSite {
  domain::Catalog catalog{testing::small_catalog()};
  sim::Simulation simulation{sim::SimulationSpec{.seed = 1, .sites = {"here"}, .links = {}, .outages = {}}};
  sim::Power power;
  Database database;
  DatabaseAccess access;
  sim::VirtualTime ran{sim::kNever};
  sim::VirtualTime told{sim::kNever};
  bool is_answered{false};

  OneSite()
      : database{simulation.site(kSite), catalog, domain::LayerId{0},
                 testing::numbered({.access_time = sim::milliseconds(1)})},
        access{simulation.site(kSite), power, database, TokenNumbers{7, 3}} {}

  sim::Process read(sim::Site& site) {
    const auto answer = co_await access.read([this](Database& there) {
      ran = there.now();
      return there.now();
    });
    told = site.now();
    is_answered = answer.has_value();
  }

  void lose_power_at(std::int64_t microseconds) {
    sim::Site& site = simulation.site(kSite);
    site.at(sim::VirtualTime{microseconds * 1'000}, [this, &site] { power.fail(site.now()); });
  }
};

TEST_CASE("a statement at the own site runs one access time later and is answered after another") {
  OneSite world;
  world.read(world.simulation.site(kSite));
  world.simulation.run(after(10));
  CHECK(world.ran == after(1));
  CHECK(world.told == after(2));
  CHECK(world.is_answered);
}

TEST_CASE("a node that loses its power before the statement is there has not sent it") {
  OneSite world;
  world.lose_power_at(500);
  world.read(world.simulation.site(kSite));
  world.simulation.run(after(10));
  CHECK(world.ran == sim::kNever);
  CHECK_FALSE(world.is_answered);
}

TEST_CASE("what has reached the database runs, whether the node lives on or not") {
  OneSite world;
  world.lose_power_at(1'500);
  world.read(world.simulation.site(kSite));
  world.simulation.run(after(10));
  CHECK(world.ran == after(1));
}

TEST_CASE("no two tokens get one number") {
  OneSite world;
  CHECK(world.access.reserve_token() == domain::TokenId{7});
  CHECK(world.access.reserve_token() == domain::TokenId{10});
}

}  // namespace
}  // namespace parallax::propagation
