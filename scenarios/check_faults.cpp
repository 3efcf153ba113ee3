#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <string>
#include <vector>

#include "scenarios/check_word.h"
#include "scenarios/expect_place.h"
#include "scenarios/nodes.h"
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
  expect_site(down, "site", down.site(), scenario, reporter);
  const std::array<std::string, 2> disks{"kept", "lost"};
  if (std::find(disks.begin(), disks.end(), down.disk()) == disks.end()) {
    reporter.report(down, "disk",
                    fmt::format("unknown disk {}{}", quoted(down.disk()), suggestion(down.disk(), "words", disks)));
  }
}

void check_clock_off(const schema::Scenario& scenario, const schema::Fault& fault, Reporter& reporter) {
  const schema::ClockOff& off = fault.clock_off();
  expect_site_and_node(off, scenario, reporter);
  const auto offset = duration_in(off.offset());
  const bool drifts = std::llround(off.drift_ppm() * 1'000) != 0;  // less than a part per billion is nothing
  const bool is_off = drifts || (offset ? offset->ns != 0 : !off.offset().empty());
  if (is_off) return;
  reporter.report(off, off.offset().empty() ? "site" : "offset",
                  fmt::format("fault {} leaves the clock right; expected offset: \"...\", a duration that is not 0, or "
                              "drift_ppm",
                              quoted(fault.name())));
}

// Nobody listens in a region.
void check_certificate(const schema::Scenario& scenario, const schema::Fault& fault, Reporter& reporter) {
  const schema::CertificateExpired& expired = fault.certificate_expired();
  if (!ends_exist(scenario, expired)) return;
  const bool is_opened = is_site(scenario, expired.to()) || (!expired.one_way() && is_site(scenario, expired.from()));
  if (expired.from() != expired.to() && is_opened) return;
  std::vector<std::string> sites;
  for (const schema::Site& site : scenario.sites()) sites.push_back(site.name());
  reporter.report(
      expired, "to",
      fmt::format("fault {} is on nothing: nobody connects from {} to {}; expected another site{}",
                  quoted(fault.name()), quoted(expired.from()), quoted(expired.to()), suggestion("", "sites", sites)));
}

void check_disk_full(const schema::Scenario& scenario, const schema::DiskFull& full, Reporter& reporter) {
  expect_site(full, "site", full.site(), scenario, reporter);
  const schema::Site* site = site_named(scenario, full.site());
  if (site == nullptr) return;
  const std::string& there = site->database().at().site();
  if (there.empty()) return;
  reporter.report(full, "site",
                  fmt::format("{} has no database of its own; expected {}, whose database it uses", quoted(full.site()),
                              quoted(there)));
}

std::vector<std::string> places_of_checks(const schema::Scenario& scenario) {
  const auto& vantage_points = scenario.zone().checks().from();
  std::vector<std::string> places{vantage_points.begin(), vantage_points.end()};
  for (const schema::Site& site : scenario.sites()) {
    if (!site.load_balancer().profile().empty()) places.push_back(site.name());
  }
  return places;
}

void check_checks_wrong(const schema::Scenario& scenario, const schema::Fault& fault, Reporter& reporter) {
  const schema::ChecksWrong& wrong = fault.checks_wrong();
  const std::array<std::string, 2> words{"healthy", "unhealthy"};
  check_word(wrong, "says", wrong.says(), words, reporter);
  if (!is_region(scenario, wrong.at()) && !is_site(scenario, wrong.at())) return;
  const std::vector<std::string> places = places_of_checks(scenario);
  if (std::find(places.begin(), places.end(), wrong.at()) == places.end()) {
    reporter.report(
        wrong, "at",
        fmt::format("fault {} is on nothing: no checks are made from {}; expected a region of the zone's checks or a "
                    "site whose load_balancer has a profile{}",
                    quoted(fault.name()), quoted(wrong.at()), suggestion(wrong.at(), "places", places)));
    return;
  }
  if (wrong.about().empty()) return;
  if (const schema::Site* site = site_named(scenario, wrong.at())) {
    if (!find_node(*site, wrong.about())) report_unknown_node(wrong, "about", 0, wrong.about(), *site, reporter);
    return;
  }
  std::vector<std::string> sites;
  for (const schema::Site& site : scenario.sites()) sites.push_back(site.name());
  if (std::find(sites.begin(), sites.end(), wrong.about()) != sites.end()) return;
  reporter.report(wrong, "about",
                  fmt::format("unknown site {}{}", quoted(wrong.about()), suggestion(wrong.about(), "sites", sites)));
}

int count_targets(const schema::Fault& fault) {
  return fault.has_link_down() + fault.has_link_slow() + fault.has_link_lossy() + fault.has_site_down() +
         fault.has_node_down() + fault.has_record_emptied() + fault.has_authority_down() + fault.has_clock_off() +
         fault.has_certificate_expired() + fault.has_disk_full() + fault.has_checks_wrong() + fault.has_node_frozen() +
         fault.has_nodes_down() + fault.has_role_down() + fault.has_drained();
}

}  // namespace

void check_fault_targets(const schema::Scenario& scenario, Reporter& reporter) {
  for (const schema::Fault& fault : scenario.faults()) {
    if (fault.has_link_down()) check_link_fault(scenario, fault, fault.link_down(), reporter);
    if (fault.has_link_slow()) check_link_fault(scenario, fault, fault.link_slow(), reporter);
    if (fault.has_link_lossy()) check_link_fault(scenario, fault, fault.link_lossy(), reporter);
    if (fault.has_site_down()) check_site_down(scenario, fault.site_down(), reporter);
    check_fault_nodes(scenario, fault, reporter);
    if (fault.has_clock_off()) check_clock_off(scenario, fault, reporter);
    if (fault.has_drained()) expect_site_and_node(fault.drained(), scenario, reporter);
    if (fault.has_certificate_expired()) check_certificate(scenario, fault, reporter);
    if (fault.has_disk_full()) check_disk_full(scenario, fault.disk_full(), reporter);
    if (fault.has_checks_wrong()) check_checks_wrong(scenario, fault, reporter);
    const int targets = count_targets(fault);
    if (targets == 1) continue;
    reporter.report(
        fault,
        fmt::format("fault {} is on {}; expected one target: link_down {{ from: \"...\" to: \"...\" }}, "
                    "link_slow, link_lossy, site_down {{ site: \"...\" }}, node_down {{ site: \"...\" "
                    "node: \"...\" }}, nodes_down, role_down, node_frozen, clock_off, certificate_expired, disk_full, "
                    "checks_wrong, drained, record_emptied {{}} or authority_down {{ at: \"...\" }}",
                    quoted(fault.name()), targets == 0 ? "nothing" : "several things"));
  }
}

}  // namespace parallax::scenarios
