#include <fmt/format.h>

#include <algorithm>
#include <array>
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
bool ends_exist(const schema::Scenario& scenario, const schema::LinkDown& fault) {
  const auto exists = [&](const std::string& name) { return is_site(scenario, name) || is_region(scenario, name); };
  return exists(fault.from()) && exists(fault.to());
}

void check_link_down(const schema::Scenario& scenario, const schema::Fault& fault, Reporter& reporter) {
  const schema::LinkDown& down = fault.link_down();
  if (!ends_exist(scenario, down)) return;
  const bool forth = has_leg(scenario, down.from(), down.to());
  const bool back = !down.one_way() && has_leg(scenario, down.to(), down.from());
  if (forth || back) return;
  std::vector<std::string> links;
  for (const schema::Link& link : scenario.links()) {
    links.push_back(link.from() + (link.one_way() ? " -> " : " <-> ") + link.to());
  }
  reporter.report(
      down, "from",
      fmt::format("fault {} is on nothing: there is no link from {} to {}; expected the ends of a link{}",
                  quoted(fault.name()), quoted(down.from()), quoted(down.to()), suggestion("", "links", links)));
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

/// What a fault takes the power of: a site, or a node as "site/node"; nothing if it is on a link.
std::string loses(const schema::Fault& fault) {
  if (fault.has_site_down()) return fault.site_down().site();
  return fault.has_node_down() ? fault.node_down().site() + "/" + fault.node_down().node() : "";
}

bool is_within(const std::string& part, const std::string& whole) {
  return part == whole || part.starts_with(whole + "/");
}

}  // namespace

void check_fault_targets(const schema::Scenario& scenario, Reporter& reporter) {
  for (const schema::Fault& fault : scenario.faults()) {
    if (fault.has_link_down()) check_link_down(scenario, fault, reporter);
    if (fault.has_site_down()) check_site_down(scenario, fault.site_down(), reporter);
    if (fault.has_node_down()) check_node_down(scenario, fault.node_down(), reporter);
    const int targets = fault.has_link_down() + fault.has_site_down() + fault.has_node_down();
    if (targets == 1) continue;
    reporter.report(fault,
                    fmt::format("fault {} is on {}; expected one target: link_down {{ from: \"...\" to: \"...\" }}, "
                                "site_down {{ site: \"...\" }} or node_down {{ site: \"...\" node: \"...\" }}",
                                quoted(fault.name()), targets == 0 ? "nothing" : "several things"));
  }
}

// What is without power cannot lose it.
void check_fault_overlaps(const schema::Scenario& scenario, Reporter& reporter) {
  std::vector<const schema::Fault*> losses;
  for (const schema::Fault& fault : scenario.faults()) {
    if (!loses(fault).empty() && duration_in(fault.at()) && duration_in(fault.lasts())) losses.push_back(&fault);
  }
  const auto start = [](const schema::Fault* fault) { return *duration_in(fault->at()); };
  std::stable_sort(losses.begin(), losses.end(), [&](const auto* a, const auto* b) { return start(a) < start(b); });
  for (std::size_t i = 0; i < losses.size(); ++i) {
    for (std::size_t earlier = i; earlier-- > 0;) {
      const schema::Fault& before = *losses[earlier];
      const bool meet = is_within(loses(*losses[i]), loses(before)) || is_within(loses(before), loses(*losses[i]));
      if (!meet || start(losses[i]) > start(&before) + *duration_in(before.lasts())) continue;
      reporter.report(*losses[i], "at",
                      fmt::format("fault {} loses {} before {} has ended; expected a later start",
                                  quoted(losses[i]->name()), quoted(loses(*losses[i])), quoted(before.name())));
      break;
    }
  }
}

void check_fault_schedules(const schema::Scenario& scenario, Reporter& reporter) {
  const auto end = duration_in(scenario.duration());
  for (const schema::Fault& fault : scenario.faults()) {
    const auto at = duration_in(fault.at());
    const auto lasts = duration_in(fault.lasts());
    if (!end || !at || !lasts) continue;
    if (*at >= *end) {
      reporter.report(fault, "at",
                      fmt::format("fault {} starts at {}, outside the run; expected less than its duration {}",
                                  quoted(fault.name()), quoted(fault.at()), quoted(scenario.duration())));
    } else if (*at + *lasts > *end) {
      reporter.report(
          fault, "lasts",
          fmt::format("fault {} starts at {} and lasts {}, beyond the run; expected an end within its "
                      "duration {}",
                      quoted(fault.name()), quoted(fault.at()), quoted(fault.lasts()), quoted(scenario.duration())));
    }
  }
}

}  // namespace parallax::scenarios
