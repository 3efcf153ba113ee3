// A decision as a step of a witness: the reading of one object that it rests on.
#pragma once

#include "models/audit/session_findings.h"
#include "models/domain/journal.h"

namespace parallax::audit {

inline SessionOperation read_operation(const domain::RequestDecided& decision, domain::ObjectRef object,
                                       domain::Version version, sim::VirtualTime now) {
  SessionOperation read{SessionOperation::Kind::kRead, now, object, version, decision.node};
  read.outcome = decision.outcome;
  read.token = decision.token;
  read.api = decision.api;
  return read;
}

}  // namespace parallax::audit
