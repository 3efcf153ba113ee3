// A row as it travels between replicas: the whole state of one object.
#pragma once

#include "models/domain/catalog.h"
#include "models/domain/ids.h"
#include "sim/record.h"

namespace parallax::propagation {

struct Row {
  domain::ObjectRef object;
  domain::Version version;
  domain::Standing standing{domain::Standing::kAbsent};
  domain::ApplicationId application{};  ///< of a token
  sim::VirtualTime expires;             ///< of a token
  sim::RecordId committed;              ///< the record of the commit at its origin
};

}  // namespace parallax::propagation
