// `--set sites[us-east].gateway.token_cache.ttl=60s`: one value of the scenario replaced from the command line.
#pragma once

#include <span>
#include <string>

#include "scenarios/parse.h"

namespace parallax::scenarios {

/// Applies each "path=value" in turn; what is wrong with one becomes a problem of the draft. List elements are named by
/// their name or their index, "[*]" is each that is there, "[+]" is one more of them; a block that is not there yet is
/// begun. Where fields exclude each other, the one that is set takes the place of the others. A block or an element
/// that is given no value is taken out: "faults[cut]=" plays the scenario without that fault. "sites[dc].clustering={}"
/// is a block in which nothing is said.
void apply_overrides(std::span<const std::string> overrides, Draft& draft);

/// The same of any message.
void apply_overrides(std::span<const std::string> overrides, google::protobuf::Message& message, Places& places,
                     std::vector<Problem>& problems);

}  // namespace parallax::scenarios
