#include "reports/run/disturbances.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "reports/clock.h"
#include "reports/delays.h"
#include "reports/escape.h"
#include "reports/run/site_lanes.h"
#include "reports/vocabulary.h"
#include "reports/words.h"

namespace parallax::reports {
namespace {

using State = Disturbance::State;

// What a fault does to one place while it is on.
struct Effect {
  std::string one;
  std::string other;  // end of a link; empty: a data center or a region
  State state;
  std::string words;
  bool one_way{false};
};

template <typename LinkFault>
Effect on_link(const LinkFault& fault, State state, std::string words) {
  return {fault.from(), fault.to(), state, std::move(words), fault.one_way()};
}

template <typename NodeFault>
Effect on_node(const NodeFault& fault, std::string words) {
  return {fault.site(), "", State::kImpaired, fault.node().empty() ? words : fault.node() + ": " + words};
}

std::string nodes_words(const schema::NodesDown& down) {
  return joined(std::vector<std::string>(down.nodes().begin(), down.nodes().end())) + ": down";
}

std::optional<Effect> link_effect(const schema::Fault& fault) {
  if (fault.has_link_down()) return on_link(fault.link_down(), State::kDown, "cut");
  if (fault.has_link_slow()) {
    return on_link(fault.link_slow(), State::kImpaired,
                   "slower by " + round_clock_words(typical_ns(fault.link_slow().adds())));
  }
  if (fault.has_link_lossy()) {
    return on_link(fault.link_lossy(), State::kImpaired, percent_words(fault.link_lossy().loss()) + " lost");
  }
  if (fault.has_certificate_expired()) {
    return on_link(fault.certificate_expired(), State::kImpaired, "no new connection");
  }
  return std::nullopt;
}

std::optional<Effect> node_effect(const schema::Fault& fault) {
  if (fault.has_node_down()) return on_node(fault.node_down(), "down");
  if (fault.has_nodes_down())
    return Effect{fault.nodes_down().site(), "", State::kImpaired, nodes_words(fault.nodes_down())};
  if (fault.has_role_down()) {
    return Effect{fault.role_down().site(), "", State::kImpaired, "no " + spaced(fault.role_down().part())};
  }
  if (fault.has_node_frozen()) return on_node(fault.node_frozen(), "stands still");
  if (fault.has_drained()) return on_node(fault.drained(), "drained");
  if (fault.has_clock_off())
    return on_node(fault.clock_off(), "clock off by " + length_in_words(fault.clock_off().offset()));
  return std::nullopt;
}

// Nothing: a place that is not there, or a fault that results of older versions do not describe.
std::optional<Effect> effect_of(const schema::Fault& fault) {
  if (const auto effect = link_effect(fault)) return effect;
  if (const auto effect = node_effect(fault)) return effect;
  if (fault.has_site_down()) return Effect{fault.site_down().site(), "", State::kDown, "no power"};
  if (fault.has_disk_full()) return Effect{fault.disk_full().site(), "", State::kImpaired, "disk full"};
  if (fault.has_authority_down()) return Effect{fault.authority_down().at(), "", State::kImpaired, "DNS server silent"};
  if (fault.has_record_emptied()) return Effect{"", "", State::kDown, "its names have no address"};
  if (fault.has_checks_wrong()) {
    return Effect{fault.checks_wrong().at(), "", State::kImpaired, "checks say " + fault.checks_wrong().says()};
  }
  return std::nullopt;
}

std::string where_of(const Effect& effect) {
  if (effect.one.empty()) return "the zone of the DNS";
  if (effect.other.empty()) return isolated(effect.one);
  return fmt::format("{} {} {}", isolated(effect.one), effect.one_way ? "to" : "and", isolated(effect.other));
}

// Of a site's loss its moments tell more than its fault: when it answered again.
bool is_told_by_moments(const schema::Result& result, const schema::Fault& fault) {
  return fault.has_site_down() && !losses_of(result, fault.site_down().site()).empty();
}

void add_fault(const schema::Result& result, const schema::FaultOutcome& outcome, std::vector<Disturbance>& all) {
  const auto effect = effect_of(outcome.fault());
  if (!effect || is_told_by_moments(result, outcome.fault())) return;
  const std::string place = effect->other.empty() ? place_of(result.config(), effect->one)
                                                  : place_between(result.config(), effect->one, effect->other);
  for (const auto& spell : outcome.spells()) {
    all.push_back({place, where_of(*effect), spell.start_ns(), spell.end_ns(), effect->state, effect->words});
  }
}

void add_losses(const schema::Result& result, const std::string& site, std::int64_t end_ns,
                std::vector<Disturbance>& all) {
  const std::string place = place_of(result.config(), site);
  for (const Loss& loss : losses_of(result, site)) {
    const std::int64_t powered = loss.powered_ns.value_or(end_ns);
    all.push_back({place, isolated(site), loss.lost_ns, powered, State::kDown, "no power"});
    if (!loss.powered_ns) continue;
    all.push_back({place, isolated(site), powered, loss.ready_ns.value_or(end_ns), State::kImpaired, "starting"});
  }
}

void add_absences(const schema::Result& result, const std::string& site, const std::string& region, std::int64_t end_ns,
                  std::vector<Disturbance>& all) {
  for (const Absence& absence : absences_of(result, site, region)) {
    all.push_back({place_between(result.config(), region, site), "DNS of " + isolated(region), absence.down_ns,
                   absence.up_ns.value_or(end_ns), State::kImpaired, "leads away from " + site});
  }
}

std::string_view to_string(State state) { return state == State::kDown ? "down" : "impaired"; }

std::string attributes_of(const Disturbance& d) {
  return fmt::format(R"( data-place="{}" data-from="{}" data-until="{}" data-state="{}")", d.place,
                     d.start_ns / 1'000'000, d.end_ns / 1'000'000, to_string(d.state));
}

}  // namespace

std::string place_of(const schema::Scenario& scenario, std::string_view name) {
  for (int i = 0; i < scenario.sites_size(); ++i) {
    if (scenario.sites(i).name() == name) return fmt::format("s{}", i);
  }
  for (int i = 0; i < scenario.regions_size(); ++i) {
    if (scenario.regions(i).name() == name) return fmt::format("r{}", i);
  }
  return "";
}

std::string place_between(const schema::Scenario& scenario, std::string_view one, std::string_view other) {
  const std::string a = place_of(scenario, one);
  const std::string b = place_of(scenario, other);
  if (a.empty() || b.empty()) return "";
  return std::min(a, b) + "-" + std::max(a, b);
}

std::vector<Disturbance> disturbances_of(const schema::Result& result) {
  const std::int64_t end_ns = end_of(result);
  std::vector<Disturbance> all;
  for (const auto& site : result.config().sites()) {
    add_losses(result, site.name(), end_ns, all);
    for (const auto& region : result.config().regions()) add_absences(result, site.name(), region.name(), end_ns, all);
  }
  for (const auto& outcome : result.faults()) add_fault(result, outcome, all);
  std::stable_sort(all.begin(), all.end(),
                   [](const Disturbance& a, const Disturbance& b) { return a.start_ns < b.start_ns; });
  return all;
}

Table disturbances_table(const std::vector<Disturbance>& disturbances) {
  using Kind = Column::Kind;
  Table table("What was not as usual, and when",
              {{"From", Kind::kNumber}, {"Until", Kind::kNumber}, {"Where"}, {"What"}}, "disturbances");
  for (const Disturbance& d : disturbances) {
    table.row({clock_words(d.start_ns), clock_words(d.end_ns), d.where, isolated(d.words)}, attributes_of(d));
  }
  return table;
}

}  // namespace parallax::reports
