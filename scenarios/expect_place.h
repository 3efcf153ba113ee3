// Fields that name a site, or one of its nodes. Names that are nobody's are reported with all values, by their rule.
#pragma once

#include <fmt/format.h>

#include <string>
#include <vector>

#include "scenarios/nodes.h"
#include "scenarios/reporter.h"
#include "scenarios/schema/scenario.pb.h"
#include "scenarios/sense.h"
#include "scenarios/wording.h"

namespace parallax::scenarios {

/// Regions have names of the same kind.
inline void expect_site(const google::protobuf::Message& owner, const char* field, const std::string& name,
                        const schema::Scenario& scenario, Reporter& reporter, int index = 0) {
  if (is_site(scenario, name) || !is_region(scenario, name)) return;
  reporter.report(owner, field, fmt::format("{} is a region; expected a site", quoted(name)), index);
}

/// A field that names a node which its site does not have.
template <typename Owner>
void report_unknown_node(const Owner& owner, const char* field, int index, const std::string& name,
                         const schema::Site& site, Reporter& reporter) {
  const std::vector<std::string> names(site.nodes().begin(), site.nodes().end());
  reporter.report(
      owner, field,
      fmt::format("unknown node {} of {}{}", quoted(name), quoted(site.name()), suggestion(name, "nodes", names)),
      index);
}

/// Its fields `site` and `node`; an empty node is none.
template <typename Owner>
void expect_site_and_node(const Owner& owner, const schema::Scenario& scenario, Reporter& reporter) {
  expect_site(owner, "site", owner.site(), scenario, reporter);
  const schema::Site* site = site_named(scenario, owner.site());
  if (site == nullptr || owner.node().empty() || find_node(*site, owner.node())) return;
  report_unknown_node(owner, "node", 0, owner.node(), *site, reporter);
}

}  // namespace parallax::scenarios
