// What a session did and what became of it, in words: the witnesses of broken guarantees.
#pragma once

#include <string>

#include "models/audit/session_findings.h"
#include "scenarios/run.h"

namespace parallax::scenarios {

/// "09:03.120"; from an hour on "1:09:03.120".
std::string instant_words(sim::VirtualTime time);

/// "0.8 s later", "45 ms later", "at the same time".
std::string later_words(sim::Duration gap);

/// "3"; "3 of eu" where the other one has the same number.
std::string version_words(domain::Version version, domain::Version other, const SeedRun& run);

/// Where it happened: "eu/gw1", of a database its site.
std::string place_words(const audit::SessionOperation& operation, const SeedRun& run);

/// What happened there, after the place: "let token 17 through on version 3 of it", "issued token 17, version 1".
/// `version` and `lacking`: as version_words says them; the latter of what the database lacked, `before`.
std::string step_words(const audit::SessionOperation& operation, const std::string& version,
                       const audit::SessionOperation& before, const std::string& lacking);

}  // namespace parallax::scenarios
