// Faults that take the memory of some of a site's nodes: one, several by name, or all with a part.
#pragma once

#include <string>
#include <vector>

#include "scenarios/schema/scenario.pb.h"

namespace parallax::scenarios {

struct LostNodes {
  std::string site;
  std::vector<std::string> nodes;  ///< each once
  std::string loses;               ///< "process" or "power"
};

bool loses_nodes(const schema::Fault& fault);

/// Requires: loses_nodes. Names that are not known are left as they are; of an unknown site no node has a part.
LostNodes lost_nodes(const schema::Scenario& scenario, const schema::Fault& fault);

}  // namespace parallax::scenarios
