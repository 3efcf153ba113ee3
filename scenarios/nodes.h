// Nodes as scenarios name them, and what each does.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "models/runtime/parts.h"
#include "models/world/config.h"
#include "scenarios/schema/scenario.pb.h"

namespace parallax::scenarios {

/// `name`: of a node of `site`, or "site/node". Nothing if there is no such node.
std::optional<world::NodePlace> find_node(const schema::Scenario& scenario, const schema::Site& site,
                                          const std::string& name);

/// The place among the site's.
std::optional<std::uint32_t> find_node(const schema::Site& site, const std::string& name);

/// Of each node; unknown words are nothing.
std::vector<runtime::PartSet> parts_of(const schema::Site& site);

/// Whether a node of the site does it.
bool has_part(const schema::Site& site, runtime::Part part);

/// Whether traffic managers of `there` count requests of `site`.
bool is_counted_at(const schema::Site& site, const std::string& there);

std::span<const std::string> part_words();
/// Where a traffic manager has its policies from.
std::span<const std::string> policies_words();
/// What kind of token a key manager issues.
std::span<const std::string> token_words();

}  // namespace parallax::scenarios
