#include "scenarios/nodes.h"

#include <algorithm>
#include <array>

namespace parallax::scenarios {

using runtime::Part;
using runtime::PartSet;

bool is_counted_at(const schema::Site& site, const std::string& there) {
  const auto& places = site.traffic_manager().counted_at();
  return places.empty() ? site.name() == there : std::find(places.begin(), places.end(), there) != places.end();
}

std::span<const std::string> part_words() {
  static const std::array<std::string, 4> kWords{"gateway", "key_manager", "traffic_manager", "control_plane"};
  return kWords;
}

std::span<const std::string> policies_words() {
  static const std::array<std::string, 3> kWords{"known", "asked_once", "asked"};
  return kWords;
}

std::span<const std::string> token_words() {
  static const std::array<std::string, 2> kWords{"opaque", "jwt"};
  return kWords;
}

std::optional<std::uint32_t> find_node(const schema::Site& site, const std::string& name) {
  for (int i = 0; i < site.nodes_size(); ++i) {
    if (site.nodes(i) == name) return static_cast<std::uint32_t>(i);
  }
  return std::nullopt;
}

std::optional<world::NodePlace> find_node(const schema::Scenario& scenario, const schema::Site& site,
                                          const std::string& name) {
  for (int i = 0; i < scenario.sites_size(); ++i) {
    const schema::Site& candidate = scenario.sites(i);
    const std::string prefix = candidate.name() + "/";
    const bool is_path = name.starts_with(prefix);
    if (!is_path && candidate.name() != site.name()) continue;
    if (const auto node = find_node(candidate, is_path ? name.substr(prefix.size()) : name)) {
      return world::NodePlace{static_cast<sim::SiteId>(i), *node};
    }
  }
  return std::nullopt;
}

std::vector<PartSet> parts_of(const schema::Site& site) {
  std::vector<PartSet> parts(static_cast<std::size_t>(site.nodes_size()), PartSet::all());
  const auto words = part_words();
  for (const schema::Role& role : site.roles()) {
    PartSet does{};
    for (const std::string& part : role.parts()) {
      const auto word = std::find(words.begin(), words.end(), part);
      if (word != words.end()) does.add(static_cast<Part>(word - words.begin()));
    }
    for (const std::string& name : role.nodes()) {
      if (const auto node = find_node(site, name)) parts[*node] = does;
    }
  }
  return parts;
}

bool has_part(const schema::Site& site, Part part) {
  const std::vector<PartSet> parts = parts_of(site);
  return std::any_of(parts.begin(), parts.end(), [part](const PartSet& of) { return of.has(part); });
}

}  // namespace parallax::scenarios
