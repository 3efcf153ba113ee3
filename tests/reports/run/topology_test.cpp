#include "reports/run/topology.h"

#include <fmt/format.h>

#include <algorithm>
#include <catch2/catch.hpp>

#include "tests/reports/two_sites.h"

namespace parallax::reports {
namespace {

// Every data center linked with and copied to every other one, with so many regions beside each.
schema::Scenario mesh(int sites, int regions) {
  schema::Scenario scenario;
  for (int i = 0; i < sites; ++i) {
    test::add_site(scenario, fmt::format("site-{}", i));
    for (int r = 0; r < regions; ++r) {
      test::add_region(scenario, fmt::format("users-{}-{}", i, r), fmt::format("site-{}", i), "site-0");
      test::add_link(scenario, fmt::format("users-{}-{}", i, r), fmt::format("site-{}", i), "5ms");
    }
    for (int j = 0; j < i; ++j) {
      test::add_link(scenario, fmt::format("site-{}", j), fmt::format("site-{}", i), fmt::format("{}ms", 10 * i + j));
      auto& copy = *scenario.add_replications();
      copy.set_from(fmt::format("site-{}", j));
      copy.set_to(fmt::format("site-{}", i));
      copy.set_ship_interval("1s");
    }
  }
  return scenario;
}

struct Piece {
  std::string name;
  Box box;
};

std::vector<Piece> pieces_of(const Drawing& drawing) {
  std::vector<Piece> pieces;
  for (const Placed& site : drawing.sites) pieces.push_back({site.name, site.box});
  for (const Placed& region : drawing.regions) pieces.push_back({region.name, region.box});
  for (const Wire& wire : drawing.wires) {
    if (wire.label.width > 0) pieces.push_back({wire.one + " to " + wire.other, wire.label});
  }
  return pieces;
}

bool passes(const Wire& wire, const Box& box) {
  for (int step = 0; step <= 400; ++step) {
    const double t = step / 400.0;
    const Box dot{wire.from.x + (wire.to.x - wire.from.x) * t, wire.from.y + (wire.to.y - wire.from.y) * t, 0, 0};
    if (overlap(dot, box, 0)) return true;
  }
  return false;
}

void check_drawing(const schema::Scenario& scenario, Room room) {
  const Drawing drawing = lay_out(scenario, room);
  const std::vector<Piece> pieces = pieces_of(drawing);
  for (std::size_t i = 0; i < pieces.size(); ++i) {
    const Box& box = pieces[i].box;
    INFO(pieces[i].name);
    CHECK((box.x >= 0 && box.y >= 0 && box.x + box.width <= drawing.width && box.y + box.height <= drawing.height));
    for (std::size_t j = i + 1; j < pieces.size(); ++j) {
      INFO(pieces[j].name);
      CHECK_FALSE(overlap(box, pieces[j].box, 0));
    }
  }
  for (const Wire& wire : drawing.wires) {
    for (const Placed& site : drawing.sites) {
      if (site.name == wire.one || site.name == wire.other) continue;
      INFO(fmt::format("{} to {}, behind {}", wire.one, wire.other, site.name));
      CHECK_FALSE(passes(wire, site.box));
    }
  }
}

TEST_CASE("no box and no label covers another, and no line hides behind a box, for 1 to 8 sites") {
  for (int sites = 1; sites <= 8; ++sites) {
    for (const int regions : {0, 1, 2, 3}) {
      INFO(sites << " sites with " << regions << " regions each");
      check_drawing(mesh(sites, regions), Room::kWide);
      CHECK(lay_out(mesh(sites, regions), Room::kWide).width <= 1'120);  // the page's
    }
  }
}

TEST_CASE("up to 4 sites fit a phone") {
  for (int sites = 1; sites <= 4; ++sites) {
    for (const int regions : {0, 1, 2}) {
      INFO(sites << " sites with " << regions << " regions each");
      check_drawing(mesh(sites, regions), Room::kNarrow);
      CHECK(lay_out(mesh(sites, regions), Room::kNarrow).width <= 358);  // 390 px less the page's margins
    }
  }
}

TEST_CASE("both directions of a link are one line, and copies both ways have two arrow heads") {
  schema::Scenario scenario;
  test::fill_two_sites(scenario);
  test::add_link(scenario, "west", "east", "40ms");
  const Drawing drawing = lay_out(scenario, Room::kWide);
  const auto count = [&](Wire::Kind kind) {
    return std::count_if(drawing.wires.begin(), drawing.wires.end(), [&](const Wire& w) { return w.kind == kind; });
  };
  CHECK(count(Wire::Kind::kLink) == 1);
  CHECK(count(Wire::Kind::kReplication) == 1);
  CHECK(count(Wire::Kind::kAccess) == 2);
  for (const Wire& wire : drawing.wires) {
    if (wire.kind == Wire::Kind::kLink) CHECK(wire.words == "30\u00A0ms / 40\u00A0ms");
    if (wire.kind == Wire::Kind::kReplication) CHECK(wire.arrow == Wire::Arrow::kBoth);
  }
}

TEST_CASE("nothing to draw is drawn as nothing") { CHECK(lay_out(schema::Scenario{}, Room::kWide).sites.empty()); }

}  // namespace
}  // namespace parallax::reports
