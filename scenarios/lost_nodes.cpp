#include "scenarios/lost_nodes.h"

#include <algorithm>

#include "scenarios/nodes.h"
#include "scenarios/sense.h"

namespace parallax::scenarios {
namespace {

std::vector<std::string> nodes_with(const schema::Scenario& scenario, const schema::RoleDown& down) {
  const schema::Site* site = site_named(scenario, down.site());
  const auto words = part_words();
  const auto word = std::find(words.begin(), words.end(), down.part());
  std::vector<std::string> names;
  if (site == nullptr || word == words.end()) return names;
  const std::vector<runtime::PartSet> parts = parts_of(*site);
  for (int i = 0; i < site->nodes_size(); ++i) {
    if (parts[static_cast<std::size_t>(i)].has(static_cast<runtime::Part>(word - words.begin()))) {
      names.push_back(site->nodes(i));
    }
  }
  return names;
}

}  // namespace

bool loses_nodes(const schema::Fault& fault) {
  return fault.has_node_down() || fault.has_nodes_down() || fault.has_role_down();
}

LostNodes lost_nodes(const schema::Scenario& scenario, const schema::Fault& fault) {
  if (fault.has_role_down()) {
    return {fault.role_down().site(), nodes_with(scenario, fault.role_down()), fault.role_down().loses()};
  }
  if (fault.has_node_down()) return {fault.node_down().site(), {fault.node_down().node()}, fault.node_down().loses()};
  const schema::NodesDown& down = fault.nodes_down();
  return {down.site(), {down.nodes().begin(), down.nodes().end()}, down.loses()};
}

}  // namespace parallax::scenarios
