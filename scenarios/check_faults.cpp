#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <string>
#include <vector>

#include "scenarios/check_word.h"
#include "scenarios/nodes.h"
#include "scenarios/sense.h"
#include "scenarios/unknown_node.h"
#include "scenarios/wording.h"

namespace parallax::scenarios {
namespace {

bool carries(const schema::Link& link, const std::string& from, const std::string& to) {
  return (link.from() == from && link.to() == to) || (!link.one_way() && link.from() == to && link.to() == from);
}

bool has_leg(const schema::Scenario& scenario, const std::string& from, const std::string& to) {
  const auto& links = scenario.links();
  return std::any_of(links.begin(), links.end(), [&](const schema::Link& link) { return carries(link, from, to); });
}

/// Whether both name something; what does not is reported already.
template <typename LinkFault>
bool ends_exist(const schema::Scenario& scenario, const LinkFault& on) {
  const auto exists = [&](const std::string& name) { return is_site(scenario, name) || is_region(scenario, name); };
  return exists(on.from()) && exists(on.to());
}

/// `on`: what the fault does to a link, of whatever kind.
template <typename LinkFault>
void check_link_fault(const schema::Scenario& scenario, const schema::Fault& fault, const LinkFault& on,
                      Reporter& reporter) {
  if (!ends_exist(scenario, on)) return;
  const bool forth = has_leg(scenario, on.from(), on.to());
  const bool back = !on.one_way() && has_leg(scenario, on.to(), on.from());
  if (forth || back) return;
  std::vector<std::string> links;
  for (const schema::Link& link : scenario.links()) {
    links.push_back(link.from() + (link.one_way() ? " -> " : " <-> ") + link.to());
  }
  reporter.report(
      on, "from",
      fmt::format("fault {} is on nothing: there is no link from {} to {}; expected the ends of a link{}",
                  quoted(fault.name()), quoted(on.from()), quoted(on.to()), suggestion("", "links", links)));
}

void check_site_down(const schema::Scenario& scenario, const schema::SiteDown& down, Reporter& reporter) {
  if (is_region(scenario, down.site()) && !is_site(scenario, down.site())) {
    reporter.report(down, "site", fmt::format("{} is a region; expected a site", quoted(down.site())));
  }
  const std::array<std::string, 2> disks{"kept", "lost"};
  if (std::find(disks.begin(), disks.end(), down.disk()) == disks.end()) {
    reporter.report(down, "disk",
                    fmt::format("unknown disk {}{}", quoted(down.disk()), suggestion(down.disk(), "words", disks)));
  }
}

void check_node_down(const schema::Scenario& scenario, const schema::NodeDown& down, Reporter& reporter) {
  for (const schema::Site& site : scenario.sites()) {
    if (site.name() != down.site() || find_node(site, down.node())) continue;
    report_unknown_node(down, "node", 0, down.node(), site, reporter);
  }
  const std::array<std::string, 2> losses{"process", "power"};
  check_word(down, "loses", down.loses(), losses, reporter);
  if (!is_region(scenario, down.site()) || is_site(scenario, down.site())) return;
  reporter.report(down, "site", fmt::format("{} is a region; expected a site", quoted(down.site())));
}

void check_drained(const schema::Scenario& scenario, const schema::Drained& drained, Reporter& reporter) {
  for (const schema::Site& site : scenario.sites()) {
    if (site.name() != drained.site() || drained.node().empty() || find_node(site, drained.node())) continue;
    report_unknown_node(drained, "node", 0, drained.node(), site, reporter);
  }
  if (!is_region(scenario, drained.site()) || is_site(scenario, drained.site())) return;
  reporter.report(drained, "site", fmt::format("{} is a region; expected a site", quoted(drained.site())));
}

void check_clock_off(const schema::Scenario& scenario, const schema::Fault& fault, Reporter& reporter) {
  const schema::ClockOff& off = fault.clock_off();
  for (const schema::Site& site : scenario.sites()) {
    if (site.name() != off.site() || off.node().empty() || find_node(site, off.node())) continue;
    report_unknown_node(off, "node", 0, off.node(), site, reporter);
  }
  if (is_region(scenario, off.site()) && !is_site(scenario, off.site())) {
    reporter.report(off, "site", fmt::format("{} is a region; expected a site", quoted(off.site())));
  }
  const auto offset = duration_in(off.offset());
  const bool drifts = std::llround(off.drift_ppm() * 1'000) != 0;  // less than a part per billion is nothing
  const bool is_off = drifts || (offset ? offset->ns != 0 : !off.offset().empty());
  if (is_off) return;
  reporter.report(off, off.offset().empty() ? "site" : "offset",
                  fmt::format("fault {} leaves the clock right; expected offset: \"...\", a duration that is not 0, or "
                              "drift_ppm",
                              quoted(fault.name())));
}

}  // namespace

void check_fault_targets(const schema::Scenario& scenario, Reporter& reporter) {
  for (const schema::Fault& fault : scenario.faults()) {
    if (fault.has_link_down()) check_link_fault(scenario, fault, fault.link_down(), reporter);
    if (fault.has_link_slow()) check_link_fault(scenario, fault, fault.link_slow(), reporter);
    if (fault.has_link_lossy()) check_link_fault(scenario, fault, fault.link_lossy(), reporter);
    if (fault.has_site_down()) check_site_down(scenario, fault.site_down(), reporter);
    if (fault.has_node_down()) check_node_down(scenario, fault.node_down(), reporter);
    if (fault.has_clock_off()) check_clock_off(scenario, fault, reporter);
    if (fault.has_drained()) check_drained(scenario, fault.drained(), reporter);
    const int targets = fault.has_link_down() + fault.has_link_slow() + fault.has_link_lossy() + fault.has_site_down() +
                        fault.has_node_down() + fault.has_record_emptied() + fault.has_authority_down() +
                        fault.has_clock_off() + fault.has_drained();
    if (targets == 1) continue;
    reporter.report(
        fault, fmt::format(
                   "fault {} is on {}; expected one target: link_down {{ from: \"...\" to: \"...\" }}, "
                   "link_slow, link_lossy, site_down {{ site: \"...\" }}, node_down {{ site: \"...\" "
                   "node: \"...\" }}, record_emptied {{}}, clock_off, drained {{ site: \"...\" }} or authority_down {{ "
                   "at: \"...\" }}",
                   quoted(fault.name()), targets == 0 ? "nothing" : "several things"));
  }
}

}  // namespace parallax::scenarios
