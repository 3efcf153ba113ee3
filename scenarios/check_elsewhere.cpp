// What nodes leave to other sites: the counting of their requests, and key validation.
#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <vector>

#include "scenarios/expect_place.h"
#include "scenarios/nodes.h"
#include "scenarios/sense.h"
#include "scenarios/wording.h"

namespace parallax::scenarios {

using runtime::Part;

namespace {

std::string first_manager(const schema::Site& site) {
  const std::vector<runtime::PartSet> parts = parts_of(site);
  for (std::size_t node = 0; node < parts.size(); ++node) {
    if (parts[node].has(Part::kTrafficManager)) return site.nodes(static_cast<int>(node));
  }
  return "...";
}

// Whoever counts says who is over a limit, and somebody has to hear it.
void check_decisions_heard(const schema::Scenario& scenario, const schema::Site& site, Reporter& reporter) {
  if (is_counted_at(site, site.name()) || !has_part(site, Part::kGateway)) return;
  for (const std::string& there : site.traffic_manager().counted_at()) {
    const schema::Site* counter = site_named(scenario, there);
    if (counter == nullptr || hears(scenario, site, there, domain::Topic::kThrottleData)) continue;
    reporter.report(
        site.traffic_manager(), "counted_at",
        fmt::format("requests of {} are counted at {}, and nobody tells its gateways what comes of it; "
                    "expected events {{ subscriptions {{ brokers: \"{}/{}\" topics: \"throttle_data\" }} }}",
                    quoted(site.name()), quoted(there), there, first_manager(*counter)));
  }
}

void check_counting(const schema::Scenario& scenario, const schema::Site& site, Reporter& reporter) {
  const schema::TrafficManager& manager = site.traffic_manager();
  std::vector<std::string> before;
  for (int i = 0; i < manager.counted_at_size(); ++i) {
    const std::string& there = manager.counted_at(i);
    expect_site(manager, "counted_at", there, scenario, reporter, i);
    if (std::find(before.begin(), before.end(), there) != before.end()) {
      reporter.report(manager, "counted_at", fmt::format("{} a second time", quoted(there)), i);
    }
    before.push_back(there);
    const schema::Site* counter = site_named(scenario, there);
    if (counter == nullptr || has_part(*counter, Part::kTrafficManager)) continue;
    reporter.report(manager, "counted_at",
                    fmt::format("no node of {} is a traffic_manager; expected a site that has one", quoted(there)), i);
  }
  check_decisions_heard(scenario, site, reporter);
}

void check_key_validation(const schema::Scenario& scenario, const schema::Site& site, Reporter& reporter) {
  if (!site.gateway().has_key_validation()) return;
  const schema::RemoteKeyManager& validation = site.gateway().key_validation();
  const std::string& there = validation.site();
  expect_site(validation, "site", there, scenario, reporter);
  const schema::Site* manager = site_named(scenario, there);
  if (manager == nullptr) return;
  if (manager == &site) {
    reporter.report(
        validation, "site",
        fmt::format("the key manager is at {} itself; expected another site, or no key_validation", quoted(there)));
  } else if (!has_part(*manager, Part::kKeyManager)) {
    reporter.report(validation, "site",
                    fmt::format("no node of {} is a key_manager; expected a site that has one", quoted(there)));
  } else if (manager->database().has_at() || manager->gateway().has_key_validation()) {
    reporter.report(validation, "site",
                    fmt::format("{} asks another site itself; expected one with a database and key managers of its own",
                                quoted(there)));
  } else if (manager->key_manager().validations_take_workers()) {
    reporter.report(validation, "site",
                    fmt::format("questions about tokens take workers at {}, but those of other sites would take none; "
                                "expected no validations_take_workers there",
                                quoted(there)));
  }
}

// Whoever means to model a key manager that is short of workers is to have what he means.
void check_validations(const schema::Site& site, Reporter& reporter) {
  const schema::KeyManager& manager = site.key_manager();
  const auto report = [&](const std::string& text) { reporter.report(manager, "validations_take_workers", text); };
  if (!manager.validations_take_workers()) return;
  if (!manager.has_workers()) {
    report("questions about tokens cannot take workers that nobody counts; expected workers { count: ... }");
  } else if (manager.tokens() == "jwt") {
    report("gateways decide about signed tokens by themselves, and ask nobody; expected tokens: \"opaque\"");
  } else if (!has_part(site, Part::kKeyManager)) {
    report(fmt::format("no node of {} is a key_manager; expected a site that has one", quoted(site.name())));
  } else if (site.gateway().has_key_validation()) {
    report(fmt::format("the gateways of {} ask the key managers of another site; expected no key_validation",
                       quoted(site.name())));
  }
}

}  // namespace

void check_elsewhere(const schema::Scenario& scenario, Reporter& reporter) {
  for (const schema::Site& site : scenario.sites()) {
    check_counting(scenario, site, reporter);
    check_key_validation(scenario, site, reporter);
    check_validations(site, reporter);
  }
}

}  // namespace parallax::scenarios
