// A control plane's REST service for gateways that pull: it has the APIs that its database has. Where that is a replica
// that is behind, it hands out the old revision with the best conscience (wso2/api-manager 702).
#pragma once

#include "models/propagation/artifacts/artifact_source.h"
#include "models/propagation/database.h"

namespace parallax::propagation::artifacts {

class DatabaseSource final : public ArtifactSource {
 public:
  /// Requires: a database at the site of whoever answers.
  explicit DatabaseSource(const Database& database) : database_{database} {}

  Answer answer(const Question& question) override;

 private:
  Artifact artifact(domain::ApiId api) const;

  const Database& database_;
};

}  // namespace parallax::propagation::artifacts
