#include "models/world/clocks.h"

#include <algorithm>

namespace parallax::world {

using domain::ClockError;
using runtime::Part;

namespace {

ClockError::Fault fault_of(const ClockFault& config) {
  ClockError::Fault fault{config.number, config.offset, config.drift, {}};
  for (const sim::Spell& spell : config.spells) fault.spells.push_back({spell.from, spell.until});
  return fault;
}

bool is_on(const ClockFault& fault, sim::SiteId site, std::uint32_t node) {
  return fault.site == site && fault.node.value_or(node) == node;
}

runtime::Node& validator_of(runtime::Node& node, const SiteConfig& site, DataCenters& data_centers) {
  if (!site.validates_at && node.parts().has(Part::kKeyManager)) return node;
  DataCenter& asked = *data_centers[sim::index(site.validates_at.value_or(node.site().id()))];
  const std::vector<runtime::Node*> managers = asked.nodes_with(Part::kKeyManager);
  return managers.empty() ? node : *managers.front();
}

}  // namespace

std::vector<ClockError> clock_errors(const WorldConfig& config) {
  std::vector<ClockError> errors;
  if (config.clock_faults.empty()) return errors;
  for (std::size_t site = 0; site < config.sites.size(); ++site) {
    for (std::uint32_t node = 0; node < config.sites[site].nodes.size(); ++node) {
      ClockError& error = errors.emplace_back();
      for (const ClockFault& fault : config.clock_faults) {
        if (is_on(fault, static_cast<sim::SiteId>(site), node)) error.add(fault_of(fault));
      }
    }
  }
  return errors;
}

void set_clocks(const WorldConfig& config, const std::vector<ClockError>& errors, DataCenters& data_centers) {
  if (errors.empty()) return;
  for (const auto& data_center : data_centers) {
    if (data_center == nullptr) continue;
    const SiteConfig& site = config.sites[sim::index(data_center->site().id())];
    for (runtime::Node* node : data_center->nodes()) {
      node->clock().be_off_by(errors[domain::index(node->id())]);
      const runtime::Node& validator = validator_of(*node, site, data_centers);
      node->gateway().validator_clock().be_off_by(errors[domain::index(validator.id())]);
    }
  }
}

void add_clock_readings(const DataCenters& data_centers, std::vector<std::uint64_t>& by_fault) {
  for (const auto& data_center : data_centers) {
    if (data_center == nullptr) continue;
    for (runtime::Node* node : data_center->nodes()) {
      node->clock().add_readings(by_fault);
      node->gateway().validator_clock().add_readings(by_fault);
    }
  }
}

}  // namespace parallax::world
