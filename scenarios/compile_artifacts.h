// The part of compiling that is about how gateways get their APIs, beside events and pulls. Requires: a scenario that
// checking has passed.
#pragma once

#include <functional>
#include <span>
#include <string>

#include "models/world/config.h"
#include "scenarios/compile_databases.h"
#include "scenarios/schema/scenario.pb.h"

namespace parallax::scenarios {

/// Whose control plane the gateways of a site ask when they start.
const std::string& starts_from(const schema::Site& site);

/// Of a site that has one.
world::StartupConfig startup_config(const schema::Site& site, const SiteNumbers& sites);

using Delays = std::function<sim::Distribution(const schema::Delay&)>;

/// Of a site that has artifacts.
world::FilesConfig files_config(const schema::Site& site, const SiteNumbers& sites, const Delays& delays);

/// The site whose repository or folder it uses; its own where it names none.
const std::string& files_of(const schema::Site& site);

// The words that fields take, in the order of help.
std::span<const std::string> startup_profile_words();
std::span<const std::string> ready_when_words();
std::span<const std::string> on_disk_words();
std::span<const std::string> in_vain_words();
std::span<const std::string> mount_words();
std::span<const std::string> half_words();

}  // namespace parallax::scenarios
