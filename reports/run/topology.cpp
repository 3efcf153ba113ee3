#include "reports/run/topology.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

#include "reports/delays.h"
#include "reports/text_width.h"
#include "reports/words.h"
#include "sim/elementary.h"

namespace parallax::reports {

double distance(Point a, Point b) { return std::sqrt((b.x - a.x) * (b.x - a.x) + (b.y - a.y) * (b.y - a.y)); }

namespace {

constexpr double kMargin = 8;
constexpr double kGap = 14;  // between boxes that belong to nobody in common
constexpr double kRegionHeight = 46;
constexpr double kStackGap = 10;  // between regions of one site
constexpr double kWords = 13;     // size of a label's letters
constexpr double kLabelHeight = 18;
constexpr std::size_t kUsual = 8;  // sites that fit the usual radius

// Measures of a drawing.
struct Plan {
  double site_width;
  double site_height;
  double region_width;
  double radius_x;
  double radius_y;
  double access;  // from a site to its regions
  double apart;   // from a link to the replication beside it, halved
  double page;    // width that the page has
  enum class Regions { kOutward, kBeyond } regions;
  double turn;  // of the first site, in degrees
};

Plan narrow_plan(std::size_t sites) {
  if (sites <= 2) return {176, 92, 176, 0, sites == 2 ? 112.0 : 0.0, 44, 13, 358, Plan::Regions::kBeyond, -90};
  return {132, 92, 132, 115, 150, 44, 13, 358, Plan::Regions::kBeyond, -90 - 180.0 / static_cast<double>(sites)};
}

Plan wide_plan(std::size_t sites) {
  constexpr std::array<double, kUsual + 1> kRadiusY{0, 0, 0, 110, 120, 190, 200, 340, 340};
  const double n = static_cast<double>(std::max<std::size_t>(sites, 1));
  const double grow = std::max(1.0, n / static_cast<double>(kUsual));
  const double radius_y = kRadiusY[std::min(sites, kUsual)] * grow;
  const double turn = -90 - 180 / n;
  // Many boxes are narrower, so that no line has to pass behind one.
  if (sites > 6) return {132, 92, 140, 298 * grow, radius_y, 52, 7, 1'120 * grow, Plan::Regions::kOutward, turn};
  return {172, 92, 156, sites <= 1 ? 0.0 : 252.0, radius_y, 52, 13, 1'120, Plan::Regions::kOutward, turn};
}

Plan plan_of(std::size_t sites, Room room) { return room == Room::kNarrow ? narrow_plan(sites) : wide_plan(sites); }

struct Spot {
  double cosine;
  double sine;
  std::vector<int> regions;  // that prefer it
  Plan::Regions at;

  bool beside() const { return at == Plan::Regions::kOutward && std::abs(cosine) > 0.4; }
};

double stack_height(std::size_t regions) {
  return regions == 0 ? 0 : static_cast<double>(regions) * kRegionHeight + static_cast<double>(regions - 1) * kStackGap;
}

// A region that prefers nothing is served by the first site.
int preferred_site(const schema::Scenario& scenario, const schema::Region& region) {
  for (int i = 0; i < scenario.sites_size(); ++i) {
    if (region.prefers_size() > 0 && scenario.sites(i).name() == region.prefers(0)) return i;
  }
  return 0;
}

std::vector<Spot> spots_of(const schema::Scenario& scenario, const Plan& plan) {
  std::vector<Spot> spots;
  for (int i = 0; i < scenario.sites_size(); ++i) {
    const double angle = (plan.turn + 360.0 * i / scenario.sites_size()) * std::numbers::pi / 180;
    spots.push_back({sim::cosine_of(angle), sim::sine_of(angle), {}, plan.regions});
  }
  for (int r = 0; r < scenario.regions_size() && !spots.empty(); ++r) {
    spots[static_cast<std::size_t>(preferred_site(scenario, scenario.regions(r)))].regions.push_back(r);
  }
  return spots;
}

// Sites on one side whose regions are stacked beside them must not touch: the ellipse grows until they do not.
double radius_y(const std::vector<Spot>& spots, const Plan& plan) {
  double radius = plan.radius_y;
  const auto half = [&](const Spot& s) {
    return std::max(plan.site_height, s.beside() ? stack_height(s.regions.size()) : 0) / 2;
  };
  for (std::size_t i = 0; i < spots.size(); ++i) {
    for (std::size_t j = i + 1; j < spots.size(); ++j) {
      const double apart = std::abs(spots[i].sine - spots[j].sine);
      if (spots[i].cosine * spots[j].cosine <= 0 || apart < 1e-6) continue;
      if (std::abs(spots[i].cosine - spots[j].cosine) * plan.radius_x > plan.site_width + kGap && !spots[i].beside() &&
          !spots[j].beside())
        continue;
      radius = std::max(radius, (half(spots[i]) + half(spots[j]) + kGap) / apart);
    }
  }
  return radius;
}

Box around(Point centre, double width, double height) {
  return {centre.x - width / 2, centre.y - height / 2, width, height};
}

Box region_box(const Box& site, const Spot& spot, const Plan& plan, std::size_t nth) {
  const double step = static_cast<double>(nth) * (kRegionHeight + kStackGap);
  const Point c = site.centre();
  if (spot.beside()) {
    const double x = spot.cosine > 0 ? site.x + site.width + plan.access : site.x - plan.access - plan.region_width;
    return {x, c.y - stack_height(spot.regions.size()) / 2 + step, plan.region_width, kRegionHeight};
  }
  const double x = c.x - plan.region_width / 2;
  if (spot.sine < 0) return {x, site.y - plan.access - kRegionHeight - step, plan.region_width, kRegionHeight};
  return {x, site.y + site.height + plan.access + step, plan.region_width, kRegionHeight};
}

// From `inside` of a box to its border.
Point border(const Box& box, Point inside, Point towards) {
  const double dx = towards.x - inside.x;
  const double dy = towards.y - inside.y;
  double t = 1;
  if (dx > 0) t = std::min(t, (box.x + box.width - inside.x) / dx);
  if (dx < 0) t = std::min(t, (box.x - inside.x) / dx);
  if (dy > 0) t = std::min(t, (box.y + box.height - inside.y) / dy);
  if (dy < 0) t = std::min(t, (box.y - inside.y) / dy);
  return {inside.x + dx * t, inside.y + dy * t};
}

const Box* find_box(const std::vector<Placed>& places, const std::string& name) {
  const auto found = std::find_if(places.begin(), places.end(), [&](const Placed& p) { return p.name == name; });
  return found == places.end() ? nullptr : &found->box;
}

// Both on a line that runs `aside` of the line between the centres.
void connect(Wire& wire, const Box& from, const Box& to, double aside) {
  const Point a = from.centre();
  const Point b = to.centre();
  const double length = std::max(distance(a, b), 1.0);
  const Point shift{-(b.y - a.y) / length * aside, (b.x - a.x) / length * aside};
  if (aside != 0) wire.outward = {shift.x / std::abs(aside), shift.y / std::abs(aside)};
  const Point p{a.x + shift.x, a.y + shift.y};
  const Point q{b.x + shift.x, b.y + shift.y};
  wire.from = border(from, p, q);
  wire.to = border(to, q, p);
}

bool joins(const Wire& wire, const std::string& a, const std::string& b) {
  return (wire.one == a && wire.other == b) || (wire.one == b && wire.other == a);
}

Wire* find_wire(Drawing& drawing, Wire::Kind kind, const std::string& a, const std::string& b) {
  for (Wire& wire : drawing.wires) {
    if (wire.kind == kind && joins(wire, a, b)) return &wire;
  }
  return nullptr;
}

std::string poll_words(const schema::Replication& replication) {
  const auto polls = [](const std::string& text) { return length_of(text).value_or(0); };
  const std::int64_t ship = polls(replication.ship_interval());
  const std::int64_t apply = polls(replication.apply_interval());
  if (ship == 0 && apply == 0) return "copied at once";
  return fmt::format("copied, polls {} + {}", round_clock_words(ship), round_clock_words(apply));
}

void add_link(Drawing& drawing, const schema::Link& link, double apart) {
  const Box* from = find_box(drawing.sites, link.from());
  const Box* to = find_box(drawing.sites, link.to());
  if (from == nullptr || to == nullptr || from == to) return;
  const std::string words = round_clock_words(typical_ns(link.delay()));
  if (Wire* same = find_wire(drawing, Wire::Kind::kLink, link.from(), link.to())) {
    if (same->words != words) same->words += " / " + words;
    return;
  }
  Wire wire{Wire::Kind::kLink, {}, {}, words, {}, link.from(), link.to(), Wire::Arrow::kNone};
  connect(wire, *from, *to, -apart);
  drawing.wires.push_back(wire);
}

void add_replication(Drawing& drawing, const schema::Replication& replication, double apart) {
  const Box* from = find_box(drawing.sites, replication.from());
  const Box* to = find_box(drawing.sites, replication.to());
  if (from == nullptr || to == nullptr || from == to) return;
  if (Wire* same = find_wire(drawing, Wire::Kind::kReplication, replication.from(), replication.to())) {
    same->arrow = Wire::Arrow::kBoth;
    return;
  }
  Wire wire{Wire::Kind::kReplication,
            {},
            {},
            poll_words(replication),
            {},
            replication.from(),
            replication.to(),
            replication.one_way() ? Wire::Arrow::kTo : Wire::Arrow::kBoth};
  connect(wire, *from, *to, apart);
  drawing.wires.push_back(wire);
}

const schema::Link* find_link(const schema::Scenario& scenario, const std::string& a, const std::string& b) {
  for (const schema::Link& link : scenario.links()) {
    if ((link.from() == a && link.to() == b) || (link.from() == b && link.to() == a)) return &link;
  }
  return nullptr;
}

void add_region(Drawing& drawing, const schema::Scenario& scenario, std::size_t site, const Box& box,
                const std::string& name) {
  const Placed& home = drawing.sites[site];
  const schema::Link* link = find_link(scenario, name, home.name);
  Wire wire{Wire::Kind::kAccess,
            {},
            {},
            link == nullptr ? "" : round_clock_words(typical_ns(link->delay())),
            {},
            name,
            home.name,
            Wire::Arrow::kNone};
  // Level, where the box stands beside its site and within its height; else between the middles.
  connect(wire, box, home.box, 0);
  drawing.wires.push_back(wire);
}

// What a drawing takes up so far.
struct Extent {
  double left{1e9}, top{1e9}, right{-1e9}, bottom{-1e9};

  void include(const Box& box) {
    left = std::min(left, box.x);
    top = std::min(top, box.y);
    right = std::max(right, box.x + box.width);
    bottom = std::max(bottom, box.y + box.height);
  }
};

Extent extent_of(const std::vector<Box>& boxes) {
  Extent extent;
  for (const Box& box : boxes) extent.include(box);
  return extent;
}

// All boxes, and the labels that have a place.
std::vector<Box> taken_by(const Drawing& drawing) {
  std::vector<Box> taken;
  for (const Placed& site : drawing.sites) taken.push_back(site.box);
  for (const Placed& region : drawing.regions) taken.push_back(region.box);
  for (const Wire& wire : drawing.wires) {
    if (wire.label.width > 0) taken.push_back(wire.label);
  }
  return taken;
}

Box label_on(const Wire& wire, double part) {
  const double width = text_width(wire.words, kWords) + 6;
  return around({wire.from.x + (wire.to.x - wire.from.x) * part, wire.from.y + (wire.to.y - wire.from.y) * part}, width,
                kLabelHeight);
}

// Words stand on their line; beside it where it is steep and another one runs along it.
std::vector<Box> label_places(const Wire& wire) {
  std::vector<Box> places;
  for (const bool beside : {true, false}) {
    if (beside && std::abs(wire.outward.x) <= std::abs(wire.outward.y)) continue;
    for (const double part : {0.5, 0.4, 0.6, 0.32, 0.68, 0.25, 0.75}) {
      Box label = label_on(wire, part);
      if (beside) label.x += wire.outward.x * (label.width / 2 + 4);
      places.push_back(label);
    }
  }
  return places;
}

// Labels keep off boxes, off each other and inside the page; the one that finds no place is left to the table.
void place_labels(Drawing& drawing, double page) {
  for (Wire& wire : drawing.wires) {
    if (wire.words.empty()) continue;
    std::vector<Box> taken = taken_by(drawing);
    for (const Box& label : label_places(wire)) {
      if (std::any_of(taken.begin(), taken.end(), [&](const Box& box) { return overlap(label, box, 1); })) continue;
      Extent extent = extent_of(taken);
      extent.include(label);
      if (extent.right - extent.left + 2 * kMargin > page) continue;
      wire.label = label;
      break;
    }
  }
}

// Moves everything so that the drawing begins at the origin.
void fit(Drawing& drawing) {
  const auto [left, top, right, bottom] = extent_of(taken_by(drawing));
  const Point shift{kMargin - left, kMargin - top};
  const auto move = [&](auto& p) {
    p.x += shift.x;
    p.y += shift.y;
  };
  for (Placed& site : drawing.sites) move(site.box);
  for (Placed& region : drawing.regions) move(region.box);
  for (Wire& wire : drawing.wires) {
    move(wire.from);
    move(wire.to);
    move(wire.label);
  }
  drawing.width = right - left + 2 * kMargin;
  drawing.height = bottom - top + 2 * kMargin;
}

}  // namespace

bool overlap(const Box& a, const Box& b, double gap) {
  return a.x < b.x + b.width + gap && b.x < a.x + a.width + gap && a.y < b.y + b.height + gap &&
         b.y < a.y + a.height + gap;
}

Drawing lay_out(const schema::Scenario& scenario, Room room) {
  const Plan plan = plan_of(static_cast<std::size_t>(scenario.sites_size()), room);
  const std::vector<Spot> spots = spots_of(scenario, plan);
  const double ry = radius_y(spots, plan);
  Drawing drawing;
  for (std::size_t i = 0; i < spots.size(); ++i) {
    const Point centre{spots[i].cosine * plan.radius_x, spots[i].sine * ry};
    drawing.sites.push_back(
        {scenario.sites(static_cast<int>(i)).name(), around(centre, plan.site_width, plan.site_height)});
  }
  if (drawing.sites.empty()) return drawing;
  drawing.regions.resize(static_cast<std::size_t>(scenario.regions_size()));
  for (std::size_t i = 0; i < spots.size(); ++i) {
    for (std::size_t nth = 0; nth < spots[i].regions.size(); ++nth) {
      const int r = spots[i].regions[nth];
      const Box box = region_box(drawing.sites[i].box, spots[i], plan, nth);
      drawing.regions[static_cast<std::size_t>(r)] = {scenario.regions(r).name(), box};
      // Beyond a site only the nearest region has a line of its own: the others stand behind it.
      if (spots[i].beside() || nth == 0) add_region(drawing, scenario, i, box, scenario.regions(r).name());
    }
  }
  for (const schema::Link& link : scenario.links()) add_link(drawing, link, plan.apart);
  for (const schema::Replication& replication : scenario.replications())
    add_replication(drawing, replication, plan.apart);
  place_labels(drawing, plan.page);
  fit(drawing);
  return drawing;
}

}  // namespace parallax::reports
