// What a fault says of nodes: a site that is one, nodes that it has, each once.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <set>
#include <string>

#include "scenarios/check_word.h"
#include "scenarios/expect_place.h"
#include "scenarios/lost_nodes.h"
#include "scenarios/nodes.h"
#include "scenarios/sense.h"

namespace parallax::scenarios {
namespace {

template <typename NodeFault>
void check_losses(const NodeFault& fault, Reporter& reporter) {
  const std::array<std::string, 2> losses{"process", "power"};
  check_word(fault, "loses", fault.loses(), losses, reporter);
}

void check_nodes_down(const schema::Scenario& scenario, const schema::NodesDown& down, Reporter& reporter) {
  expect_site(down, "site", down.site(), scenario, reporter);
  const schema::Site* site = site_named(scenario, down.site());
  check_losses(down, reporter);
  std::set<std::string> seen;
  for (int i = 0; i < down.nodes_size(); ++i) {
    const std::string& name = down.nodes(i);
    if (!seen.insert(name).second) {
      reporter.report(down, "nodes", fmt::format("{} is down already; expected each node once", quoted(name)), i);
    } else if (site != nullptr && !find_node(*site, name)) {
      report_unknown_node(down, "nodes", i, name, *site, reporter);
    }
  }
}

void check_role_down(const schema::Scenario& scenario, const schema::Fault& fault, Reporter& reporter) {
  const schema::RoleDown& down = fault.role_down();
  expect_site(down, "site", down.site(), scenario, reporter);
  const schema::Site* site = site_named(scenario, down.site());
  check_losses(down, reporter);
  check_word(down, "part", down.part(), part_words(), reporter);
  const auto words = part_words();
  const bool is_known = std::find(words.begin(), words.end(), down.part()) != words.end();
  if (site == nullptr || !is_known || !lost_nodes(scenario, fault).nodes.empty()) return;
  reporter.report(down, "part",
                  fmt::format("fault {} is on nothing: no node of {} has the part {}; expected one that a role has",
                              quoted(fault.name()), quoted(down.site()), quoted(down.part())));
}

}  // namespace

void check_fault_nodes(const schema::Scenario& scenario, const schema::Fault& fault, Reporter& reporter) {
  if (fault.has_node_down()) {
    expect_site_and_node(fault.node_down(), scenario, reporter);
    check_losses(fault.node_down(), reporter);
  }
  if (fault.has_node_frozen()) expect_site_and_node(fault.node_frozen(), scenario, reporter);
  if (fault.has_nodes_down()) check_nodes_down(scenario, fault.nodes_down(), reporter);
  if (fault.has_role_down()) check_role_down(scenario, fault, reporter);
}

}  // namespace parallax::scenarios
