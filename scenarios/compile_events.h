// The part of compiling that is about message brokers. Requires: a scenario that checking has passed.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "models/world/config.h"
#include "scenarios/compile_databases.h"
#include "scenarios/schema/scenario.pb.h"

namespace parallax::scenarios {

/// Of a site that has events.
world::EventsConfig events_config(const schema::Scenario& scenario, const schema::Site& site);

/// Of a site whose gateways pull.
world::PullConfig pull_config(const schema::Site& site, const SiteNumbers& sites);

std::vector<world::BridgeConfig> bridge_configs(const schema::Scenario& scenario, const SiteNumbers& sites);

// The words that fields take, in the order of help.
std::span<const std::string> topic_words();
std::span<const std::string> when_down_words();
std::span<const std::string> dead_target_words();
std::span<const std::string> on_reconnect_words();
std::span<const std::string> pull_again_words();
std::span<const std::string> passes_words();

}  // namespace parallax::scenarios
