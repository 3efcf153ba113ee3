// The deployment as a picture, and its links in figures.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "reports/clock.h"
#include "reports/delays.h"
#include "reports/escape.h"
#include "reports/findings.h"
#include "reports/page.h"
#include "reports/run/disturbances.h"
#include "reports/run/parts_tables.h"
#include "reports/run/sections.h"
#include "reports/run/topology.h"
#include "reports/table.h"
#include "reports/text_width.h"
#include "reports/words.h"

namespace parallax::reports {
namespace {

constexpr double kPad = 12;
constexpr double kNodeStep = 14;
constexpr double kNodeWords = 64;

// Sizes of letters, as in the style sheet.
constexpr double kStrong = 15;
constexpr double kBold = 13.0 / 12;
constexpr double kSmall = 13;
constexpr double kThird = 12;

std::string text_at(Point at, std::string_view style, const std::string& words) {
  return fmt::format(R"(<text class="{}" x="{:.0f}" y="{:.0f}">{}</text>)", style, at.x, at.y, escaped(words));
}

const schema::Fault* fault_of_site(const schema::Scenario& scenario, const std::string& site) {
  for (const auto& fault : scenario.faults()) {
    if (fault.has_site_down() && fault.site_down().site() == site) return &fault;
  }
  return nullptr;
}

const schema::Fault* fault_of_link(const schema::Scenario& scenario, const std::string& a, const std::string& b) {
  for (const auto& fault : scenario.faults()) {
    const auto& cut = fault.link_down();
    if (fault.has_link_down() && ((cut.from() == a && cut.to() == b) || (cut.from() == b && cut.to() == a)))
      return &fault;
  }
  return nullptr;
}

// As many squares as leave room for the words behind them.
std::string nodes_drawing(const schema::Site& site, Point at, double width) {
  std::string out;
  const int drawn = std::min(site.nodes_size(), static_cast<int>((width - kNodeWords) / kNodeStep));
  for (int i = 0; i < drawn; ++i) {
    out += fmt::format(R"(<rect class="node" x="{:.0f}" y="{:.0f}" width="10" height="10" rx="2"/>)",
                       at.x + kNodeStep * i, at.y - 10);
  }
  return out + text_at({at.x + kNodeStep * drawn + 4, at.y - 0.5}, "small",
                       counted(static_cast<std::uint64_t>(site.nodes_size()), "node", "nodes"));
}

// Its own; of one elsewhere, where that is.
std::string database_drawing(const schema::Site& site, Point at, double width) {
  if (site.database().has_at()) {
    return text_at(at, "small", fitted("database: " + site.database().at().site(), width, kSmall));
  }
  return fmt::format(
             R"(<path class="node" d="M{0:.0f} {1:.0f}v9a7 2.5 0 0 0 14 0v-9"/><ellipse class="node" cx="{2:.0f}" cy="{1:.0f}" rx="7" ry="2.5"/>)",
             at.x, at.y - 10, at.x + 7) +
         text_at({at.x + 21, at.y}, "small", "database");
}

// Faults at random times have no length of their own.
std::string lost_words(const schema::Fault& fault) {
  return fault.lasts().empty() ? "lost at times" : "lost for " + length_in_words(fault.lasts());
}

// By these the page's script finds a part of the picture, and shows in what state it is; without it the picture shows
// the worst of the run.
std::string state_attributes(const std::string& place, const schema::Fault* fault) {
  return fmt::format(R"( data-place="{}" data-state="{}")", place, fault == nullptr ? "" : "down");
}

std::string site_drawing(const schema::Scenario& scenario, const schema::Site& site, const Box& box) {
  const schema::Fault* fault = fault_of_site(scenario, site.name());
  std::string out = fmt::format(
      R"(<g{}><title>{}</title><rect class="center" x="{:.0f}" y="{:.0f}" width="{:.0f}" height="{:.0f}" rx="4"/>)",
      state_attributes(place_of(scenario, site.name()), fault), escaped(site.name()), box.x, box.y, box.width,
      box.height);
  const double x = box.x + kPad;
  out += text_at({x, box.y + 21}, "strong", fitted(site.name(), (box.width - 2 * kPad) / kBold, kStrong));
  out += nodes_drawing(site, {x, box.y + 42}, box.width - 2 * kPad) +
         database_drawing(site, {x, box.y + 62}, box.width - 2 * kPad);
  const std::string words = fault == nullptr ? "" : lost_words(*fault);
  out += text_at({x, box.y + 82}, "now fault-words", fitted(words, (box.width - 2 * kPad) / kBold, kSmall));
  return out + "</g>";
}

std::string rates_of(const schema::Scenario& scenario, const std::string& region) {
  std::string out;
  for (const auto& population : scenario.workload().populations()) {
    if (population.region() != region) continue;
    out += out.empty() ? "" : " + ";
    out += population.has_think() ? "users who think" : population.has_trace() ? "as measured" : population.rate();
  }
  return out;
}

std::string region_drawing(const schema::Scenario& scenario, const schema::Region& region, const Box& box) {
  const std::string rates = rates_of(scenario, region.name());
  const std::string fallback = region.prefers_size() > 1 ? "else " + region.prefers(1) : "";
  const std::string second = rates + (rates.empty() || fallback.empty() ? "" : ", ") + fallback;
  const double room = box.width - 20;
  return fmt::format(
             R"(<g{}><title>{}</title><rect class="users" x="{:.0f}" y="{:.0f}" width="{:.0f}" height="{:.0f}" rx="{:.0f}"/>)",
             state_attributes(place_of(scenario, region.name()), nullptr), escaped(region.name() + ": " + second),
             box.x, box.y, box.width, box.height, box.height / 2) +
         text_at({box.centre().x, box.y + (second.empty() ? 28 : 20)}, "mid strong small",
                 fitted(region.name(), room / kBold, kSmall)) +
         text_at({box.centre().x, box.y + 35}, "now mid small third", fitted(second, room, kThird)) + "</g>";
}

std::string arrow_head(Point tip, Point from) {
  const double length = std::max(distance(from, tip), 1.0);
  const Point along{(tip.x - from.x) / length * 9, (tip.y - from.y) / length * 9};
  const Point aside{-along.y * 0.45, along.x * 0.45};
  return fmt::format(R"(<path class="arrow" d="M{:.1f} {:.1f}L{:.1f} {:.1f}L{:.1f} {:.1f}Z"/>)", tip.x, tip.y,
                     tip.x - along.x + aside.x, tip.y - along.y + aside.y, tip.x - along.x - aside.x,
                     tip.y - along.y - aside.y);
}

std::string_view wire_class(const Wire& wire) {
  if (wire.kind == Wire::Kind::kReplication) return "wire copy";
  return wire.kind == Wire::Kind::kAccess ? "wire access" : "wire";
}

// A copy of a database goes its own way; what breaks is the network.
std::string wire_attributes(const schema::Scenario& scenario, const Wire& wire) {
  if (wire.kind == Wire::Kind::kReplication) return "";
  return state_attributes(place_between(scenario, wire.one, wire.other), fault_of_link(scenario, wire.one, wire.other));
}

std::string wire_drawing(const schema::Scenario& scenario, const Wire& wire) {
  std::string out =
      fmt::format(R"(<g{}><line class="{}" x1="{:.1f}" y1="{:.1f}" x2="{:.1f}" y2="{:.1f}"/></g>)",
                  wire_attributes(scenario, wire), wire_class(wire), wire.from.x, wire.from.y, wire.to.x, wire.to.y);
  if (wire.arrow != Wire::Arrow::kNone) out += arrow_head(wire.to, wire.from);
  if (wire.arrow == Wire::Arrow::kBoth) out += arrow_head(wire.from, wire.to);
  return out;
}

std::string label_drawing(const schema::Scenario& scenario, const Wire& wire) {
  if (wire.label.width <= 0) return "";
  const bool cut = wire.kind != Wire::Kind::kReplication && fault_of_link(scenario, wire.one, wire.other) != nullptr;
  constexpr double kCross = 9;  // half of what the cross takes
  const Box& box = wire.label;
  const double more = cut ? kCross : 0;
  const bool is_copy = wire.kind == Wire::Kind::kReplication;
  return fmt::format(R"(<g{}><rect class="behind" x="{:.0f}" y="{:.0f}" width="{:.0f}" height="{:.0f}"/>)",
                     wire_attributes(scenario, wire), box.x - more, box.y, box.width + 2 * more, box.height) +
         text_at({box.centre().x, box.centre().y + 4.5}, is_copy ? "mid" : "now mid", (cut ? "✕ " : "") + wire.words) +
         "</g>";
}

std::string described(const schema::Scenario& scenario) {
  std::string out = "Data centers";
  for (const auto& site : scenario.sites()) out += ", " + site.name();
  return out + "; the links are in the table below";
}

std::string drawing_svg(const schema::Scenario& scenario, Room room, std::string_view style) {
  const Drawing drawing = lay_out(scenario, room);
  std::string out = fmt::format(
      R"(<svg class="topology" width="{0:.0f}" height="{1:.0f}" viewBox="0 0 {0:.0f} {1:.0f}" role="img"><title>{2}</title>)",
      drawing.width, drawing.height, escaped(described(scenario)));
  for (const Wire& wire : drawing.wires) out += wire_drawing(scenario, wire);
  for (int i = 0; i < scenario.sites_size(); ++i) {
    out += site_drawing(scenario, scenario.sites(i), drawing.sites[static_cast<std::size_t>(i)].box);
  }
  for (int i = 0; i < scenario.regions_size(); ++i) {
    out += region_drawing(scenario, scenario.regions(i), drawing.regions[static_cast<std::size_t>(i)].box);
  }
  for (const Wire& wire : drawing.wires) out += label_drawing(scenario, wire);
  return scrolled("Data centers, links and users", out + "</svg>", style);
}

std::string drawings(const schema::Scenario& scenario) {
  constexpr int kOnPhone = 4;
  if (scenario.sites_size() > kOnPhone) return drawing_svg(scenario, Room::kWide, "");
  return drawing_svg(scenario, Room::kWide, "roomy") + drawing_svg(scenario, Room::kNarrow, "tight");
}

std::string fault_words(const schema::Scenario& scenario, const std::string& a, const std::string& b) {
  const schema::Fault* fault = fault_of_link(scenario, a, b);
  if (fault == nullptr) return "—";
  return escaped(fmt::format("cut at {} for {}", length_in_words(fault->at()), length_in_words(fault->lasts())));
}

Table links_table(const schema::Scenario& scenario) {
  using Kind = Column::Kind;
  Table table("Links", {{"From"}, {"To"}, {"One way", Kind::kNumber}, {"Spread"}, {"Lost", Kind::kNumber}, {"Fault"}},
              "links");
  for (const auto& link : scenario.links()) {
    table.row({isolated(link.from()), isolated(link.to()) + (link.one_way() ? "" : "<small>and back alike</small>"),
               round_clock_words(typical_ns(link.delay())), escaped(spread_words(link.delay())),
               percent_words(link.loss()), fault_words(scenario, link.from(), link.to())});
  }
  return table;
}

Table replications_table(const schema::Scenario& scenario) {
  using Kind = Column::Kind;
  Table table("Replication",
              {{"From"},
               {"To"},
               {"Shipped every", Kind::kNumber},
               {"Applied every", Kind::kNumber},
               {"Sent again after", Kind::kNumber}},
              "links");
  const auto poll = [](const std::string& text) {
    return length_of(text).value_or(0) == 0 ? std::string("at once") : length_in_words(text);
  };
  for (const auto& r : scenario.replications()) {
    table.row({isolated(r.from()), isolated(r.to()) + (r.one_way() ? "" : "<small>and back alike</small>"),
               poll(r.ship_interval()), poll(r.apply_interval()), escaped(length_in_words(r.retry_interval()))});
  }
  return table;
}

Table regions_table(const schema::Scenario& scenario) {
  using Kind = Column::Kind;
  Table table("Regions",
              {{"Users"}, {"Calls", Kind::kNumber}, {"Sent to"}, {"DNS answer kept", Kind::kNumber}, {"Health check"}},
              "links");
  for (const auto& region : scenario.regions()) {
    std::vector<std::string> prefers;
    for (const std::string& site : region.prefers()) prefers.push_back(isolated(site));
    std::string order;
    for (const std::string& site : prefers) order += (order.empty() ? "" : ", else ") + site;
    const auto& check = region.dns().health_check();
    const bool uses_dns = region.prefers_size() > 0;
    table.row({isolated(region.name()), escaped(rates_of(scenario, region.name())), order.empty() ? "—" : order,
               uses_dns ? escaped(length_in_words(region.dns().ttl())) : "—",
               uses_dns ? escaped(fmt::format("every {}, out after {}, back after {}",
                                              length_in_words(check.interval()), check.fall(), check.rise()))
                        : "—"});
  }
  return table;
}

std::string tables(const schema::Scenario& scenario) {
  std::string out;
  const auto add = [&](std::string_view name, const Table& table) {
    if (!table.empty()) out += fmt::format("<h3>{}</h3>\n{}", name, table.html());
  };
  add("Links", links_table(scenario));
  add("Replication", replications_table(scenario));
  add("What nodes do", parts_table(scenario));
  add("Who tells whom", events_table(scenario));
  add("Users", regions_table(scenario));
  return out.empty() ? "" : folded("Links, replication, nodes and users as tables", out);
}

// What the picture shows all at once, one after the other.
std::string states(const schema::Result& result) {
  const std::vector<Disturbance> all = disturbances_of(result);
  if (all.empty()) return "";
  return fmt::format("<div class=\"states\"{}>\n{}</div>\n", axis_attribute(TimeAxis{end_of(result)}),
                     folded("When what was not as usual, as a table", disturbances_table(all).html()));
}

bool is_site(const schema::Scenario& scenario, const std::string& name) {
  return std::any_of(scenario.sites().begin(), scenario.sites().end(), [&](const auto& s) { return s.name() == name; });
}

// "30 ms apart", "12 ms to 110 ms apart".
std::string distance_words(const schema::Scenario& scenario) {
  std::vector<std::int64_t> delays;
  for (const auto& link : scenario.links()) {
    if (is_site(scenario, link.from()) && is_site(scenario, link.to())) delays.push_back(typical_ns(link.delay()));
  }
  if (delays.empty()) return "";
  const auto [least, greatest] = std::minmax_element(delays.begin(), delays.end());
  const std::string near = round_clock_words(*least);
  const std::string far = round_clock_words(*greatest);
  return near == far ? fmt::format(", {} apart", near) : fmt::format(", {} to {} apart", near, far);
}

std::string size_words(const schema::Scenario& scenario) {
  if (scenario.sites_size() > 1) {
    return counted(static_cast<std::uint64_t>(scenario.sites_size()), "data center", "data centers") +
           distance_words(scenario);
  }
  return "One data center with " + counted(static_cast<std::uint64_t>(scenario.sites(0).nodes_size()), "node", "nodes");
}

std::string heading(const schema::Scenario& scenario) {
  const std::string out = size_words(scenario);
  for (const auto& fault : scenario.faults()) {
    if (!fault.has_site_down()) continue;
    if (fault.has_random() || fault.has_repeats()) {
      return out + fmt::format("; {} is lost again and again", isolated(fault.site_down().site()));
    }
    return out + fmt::format("; {} is lost at {} for {}", isolated(fault.site_down().site()),
                             escaped(length_in_words(fault.at())), escaped(length_in_words(fault.lasts())));
  }
  return out;
}

}  // namespace

std::string topology_section(const schema::Result& result) {
  const schema::Scenario& scenario = result.config();
  if (scenario.sites_size() == 0 || scenario.regions_size() == 0) return "";
  const std::string how = scenario.replications_size() > 0
                              ? "Lines: the network, with its median delay one way. Arrows: which database is copied "
                                "to which. Round: users, "
                                "beside the data center that they prefer."
                              : "Lines: the network, with its median delay one way. Round: users.";
  return section(heading(scenario), how, drawings(scenario) + states(result) + tables(scenario));
}

}  // namespace parallax::reports
