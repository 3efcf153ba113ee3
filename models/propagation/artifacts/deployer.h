// A gateway, as far as deployment goes: whatever brings artifacts hands them over here.
#pragma once

#include "models/domain/journal.h"
#include "models/logic/gateway/facts.h"
#include "sim/record.h"

namespace parallax::propagation {

class Deployer {
 public:
  virtual ~Deployer() = default;
  virtual domain::Version deployed(domain::ApiId api) const = 0;

  /// Serves this version from now on, be it older than the one before. Returns the record.
  virtual sim::RecordId deploy(domain::ApiId api, const logic::gateway::ApiFacts& facts, sim::RecordId cause,
                               const domain::Passage& passage) = 0;

  /// Serves no version until the next deploy(), which follows unless its power fails: a redeployment takes the old one
  /// away first. A gateway that does not override this goes on serving the old one.
  virtual void undeploy(domain::ApiId, sim::RecordId, const domain::Passage&) {}
};

}  // namespace parallax::propagation
