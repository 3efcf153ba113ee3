#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>
#include <string>
#include <vector>

#include "scenarios/sense.h"
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

}  // namespace

void check_fault_targets(const schema::Scenario& scenario, Reporter& reporter) {
  for (const schema::Fault& fault : scenario.faults()) {
    if (fault.has_link_down()) check_link_down(scenario, fault, reporter);
    if (fault.has_site_down()) check_site_down(scenario, fault.site_down(), reporter);
    const int targets = fault.has_link_down() + fault.has_site_down();
    if (targets == 1) continue;
    reporter.report(fault,
                    fmt::format("fault {} is on {}; expected one target: link_down {{ from: \"...\" to: \"...\" }} "
                                "or site_down {{ site: \"...\" }}",
                                quoted(fault.name()), targets == 0 ? "nothing" : "two things"));
  }
}

void check_fault_overlaps(const schema::Scenario& scenario, Reporter& reporter) {
  std::vector<const schema::Fault*> losses;
  for (const schema::Fault& fault : scenario.faults()) {
    if (fault.has_site_down() && duration_in(fault.at()) && duration_in(fault.lasts())) losses.push_back(&fault);
  }
  const auto start = [](const schema::Fault* fault) { return *duration_in(fault->at()); };
  std::stable_sort(losses.begin(), losses.end(), [&](const auto* a, const auto* b) { return start(a) < start(b); });
  std::map<std::string, const schema::Fault*> previous;  // by site
  for (const schema::Fault* fault : losses) {
    const schema::Fault*& before = previous[fault->site_down().site()];
    if (before != nullptr && start(fault) <= start(before) + *duration_in(before->lasts())) {
      reporter.report(*fault, "at",
                      fmt::format("fault {} loses {} before {} has ended; expected a later start",
                                  quoted(fault->name()), quoted(fault->site_down().site()), quoted(before->name())));
    }
    before = fault;
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
